import { expect, test } from "vitest"
import { apply, cluster, daemonSet, FLUENTD, pool, send } from "../builders/cluster.ts"

test("[A10] a delete that means another object is a conflict", () => {
	const on = cluster(0)
	apply(on, daemonSet())
	const { uid = "", resourceVersion = "" } = on.read(FLUENTD)?.metadata ?? {}
	const refused = (preconditions: { uid?: string; resourceVersion?: string }) => {
		const verdict = send(on, { verb: "delete", key: FLUENTD, preconditions })
		return verdict.accepted ? undefined : verdict.refusal
	}
	expect(refused({ uid: "other" })).toEqual({
		reason: "Conflict",
		message: `Operation cannot be fulfilled on DaemonSet.apps "fluentd": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
		causes: [],
	})
	expect(refused({ resourceVersion: "0" })?.reason).toBe("Conflict")
	expect(on.read(FLUENTD)).toBeDefined()
	expect(refused({ uid, resourceVersion })).toBeUndefined()
	expect(on.read(FLUENTD)).toBeUndefined()
})

test("a node says of what kind its machine is", () => {
	const on = cluster(0)
	apply(on, pool({ replicas: 1, template: { metadata: { labels: { "kubernetes.io/arch": "arm64" } } } }))
	expect(on.read("/Node//pool-0")?.["status"]).toMatchObject({ nodeInfo: { architecture: "arm64" } })
})
