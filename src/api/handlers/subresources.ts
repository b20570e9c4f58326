import { refused } from "../refused.ts"
import type { Handler } from "./handler.ts"
import { podLog } from "./pod-log.ts"
import { evict } from "./write/evict.ts"

/** What cannot be done in a simulated cluster: who asks is told why, and what can. */
function impossible(why: (name: string) => string): Handler {
	return ({ target }) => refused(403, "Forbidden", `${target.subresource} is not possible: ${why(target.name)}`)
}

const noProcess = impossible(
	(name) =>
		`pod "${name}" is simulated, and no process runs in it; kubectl logs and kubectl describe tell what is known`,
)
const noBinding = impossible(
	(name) =>
		`the simulated scheduler binds pod "${name}"; a pod that is created with spec.nodeName is never asked about`,
)
const noToken = impossible(
	(name) => `nobody runs as service account "${name}"; the kubeconfig has a token that may write and one that may read`,
)

/** Parts of a pod that need a process in it. */
export const PROCESSES: readonly string[] = ["attach", "exec", "portforward"]

/** Who answers for a part of an object, by resource, part and verb. */
export const SUBRESOURCE_HANDLERS: ReadonlyMap<string, Handler> = new Map([
	["pods/log get", podLog],
	["pods/eviction create", evict],
	["pods/binding create", noBinding],
	["serviceaccounts/token create", noToken],
	...PROCESSES.flatMap((part) => [
		[`pods/${part} get`, noProcess] as const,
		[`pods/${part} create`, noProcess] as const,
	]),
])
