import { expect, test } from "vitest"
import type { JsonObject } from "../../src/base/index.ts"
import type { Cluster } from "../../src/cluster/index.ts"
import { type KubeObject, updateManaged } from "../../src/kube/index.ts"
import { apply, cluster, daemonSet, FLUENTD, send, settle } from "../builders/cluster.ts"

const IMAGE = "f:image"

/** `manager operation` and the fields, the members of the status alone where they are its. */
function managers(object: KubeObject | undefined): readonly (readonly [string, string])[] {
	return (object?.metadata.managedFields ?? []).map(({ manager, operation, subresource, fieldsV1 }) => [
		`${manager} ${operation}${subresource === undefined ? "" : ` ${subresource}`}`,
		JSON.stringify(fieldsV1),
	])
}

function fieldsOf(on: Cluster, manager: string): string {
	return new Map(managers(on.read(FLUENTD))).get(manager) ?? ""
}

function status(on: Cluster): readonly string[] {
	const text = fieldsOf(on, "kube-controller-manager Update status") || "{}"
	const fields = (JSON.parse(text) as { readonly "f:status"?: JsonObject })["f:status"]
	return Object.keys(fields ?? {}).map((name) => name.slice(2))
}

/** A change by hand, as the API writes it. */
function patch(on: Cluster, manager: string, change: (object: KubeObject) => KubeObject): void {
	const live = on.read(FLUENTD) as KubeObject
	const object = updateManaged(live, change(live), { manager, time: "2026-01-01T01:00:00Z" })
	expect(send(on, { verb: "update", key: FLUENTD, object })).toMatchObject({ accepted: true })
}

test("[A14] git owns what a commit sets, until another hand writes it, and again once it is put back", () => {
	const on = cluster(0)
	apply(on, daemonSet())
	expect(fieldsOf(on, "rollcall Apply")).toContain(IMAGE)
	patch(on, "ada", () => ({ ...daemonSet({ image: "mine:1" }) }))
	expect(fieldsOf(on, "rollcall Apply")).not.toContain(IMAGE)
	expect(fieldsOf(on, "ada Update")).toContain(IMAGE)
	apply(on, daemonSet())
	expect(fieldsOf(on, "rollcall Apply")).toContain(IMAGE)
	expect(fieldsOf(on, "ada Update")).not.toContain(IMAGE)
})

test("[A14] an apply of git's that changes nothing leaves the object, its version and its managers as they are", () => {
	const on = cluster(0)
	apply(on, daemonSet())
	settle(on)
	const before = on.read(FLUENTD)
	expect(apply(on, daemonSet(), daemonSet())).toMatchObject({ changed: false })
	expect(on.read(FLUENTD)).toEqual(before)
})

test("[A14] the controllers own what they changed of a DaemonSet's status, and its revisions", () => {
	const on = cluster(2)
	apply(on, daemonSet())
	expect(status(on)).toEqual([])
	settle(on)
	const told = ["currentNumberScheduled", "desiredNumberScheduled", "numberAvailable", "numberReady"]
	expect(status(on)).toEqual([...told, "observedGeneration", "updatedNumberScheduled"])
	const [revision] = [...on.list({ group: "apps", kind: "ControllerRevision" })]
	expect(managers(revision)).toEqual([["kube-controller-manager Update", expect.stringContaining('"f:data":{}')]])
})

test("[A14] who reads in between changes nothing of it", () => {
	const [read, unread] = [cluster(2), cluster(2)]
	for (const on of [read, unread]) apply(on, daemonSet())
	while (!read.settled()) {
		read.advance(read.nextAt() ?? read.now())
		read.read(FLUENTD)
	}
	unread.advance(read.now())
	expect(unread.read(FLUENTD)).toEqual(read.read(FLUENTD))
	expect(Buffer.compare(unread.save(), read.save())).toBe(0)
})
