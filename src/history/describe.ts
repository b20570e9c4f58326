import type { DaemonSet } from "../kube/index.ts"
import type { FieldChange } from "../plan/index.ts"
import type { Describe } from "./fold.ts"

const CHANGE_CAUSE = "kubernetes.io/change-cause"

/** What the fold asks of a DaemonSet, read from the object; `fields` come from whoever compared it. */
export function describeDaemonSet(object: DaemonSet | undefined, fields: readonly FieldChange[]): ReturnType<Describe> {
	const containers = object?.spec.template.spec.containers ?? []
	const changeCause = object?.metadata.annotations?.[CHANGE_CAUSE]
	return {
		images: containers.map((container) => container.image ?? ""),
		...(changeCause !== undefined && { changeCause }),
		fields,
		onDelete: object?.spec.updateStrategy?.type === "OnDelete",
	}
}
