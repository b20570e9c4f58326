import type { Instant } from "../base/index.ts"
import type { Finding, KubeObject, ObjectKey } from "../kube/index.ts"
import { fleetRows } from "./decisions.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"

/** Nodes, and pods of other owners, that are in no commit. `digest` tells one fleet from another. */
export type Fleet = {
	readonly name: string
	readonly digest: string
	readonly objects: readonly (readonly [ObjectKey, KubeObject])[]
	/** What of the file could not be used. */
	readonly findings: readonly Finding[]
}

/** What the fleet describes is applied, and what it described before and no longer has goes. */
export function bringFleet(recorded: RecordedCluster, fleet: Fleet, wall: Instant): void {
	const before = recorded.applied("fleet")
	const now = new Map(fleet.objects)
	const writes = [
		...fleet.objects.map(([key, object]) => {
			const old = before.get(key)
			return { verb: "apply", key, manager: "fleet", object, ...(old === undefined ? {} : { before: old }) } as const
		}),
		...[...before.keys()].filter((key) => !now.has(key)).map((key) => ({ verb: "delete", key }) as const),
	]
	const problems = fleet.findings.map(({ file, line, message }) => `${file}:${line}: ${message}`)
	recorded.act({ source: { kind: "fleet", name: fleet.name }, writes }, wall, (verdicts) => {
		const refusals = verdicts.flatMap((verdict, index) =>
			verdict.accepted ? [] : [`${writes[index]?.key}: ${verdict.refusal.message}`],
		)
		return fleetRows(recorded, [...problems, ...refusals])
	})
}
