import { refused } from "../refused.ts"
import { evict } from "./evict.ts"
import type { Handler } from "./handler.ts"
import { podLog } from "./pod-log.ts"

/** Nothing runs in a simulated container: who wants to be in it is told so. */
const noProcess: Handler = ({ target }) =>
	refused(
		403,
		"Forbidden",
		`${target.subresource} is not possible: pod "${target.name}" is simulated, and no process runs in it; kubectl logs and kubectl describe tell what is known`,
	)

/** Who answers for a part of an object, by resource, part and verb. */
export const SUBRESOURCE_HANDLERS: ReadonlyMap<string, Handler> = new Map([
	["pods/log get", podLog],
	["pods/eviction create", evict],
	...["attach", "exec", "portforward"].flatMap((part) => [
		[`pods/${part} get`, noProcess] as const,
		[`pods/${part} create`, noProcess] as const,
	]),
])
