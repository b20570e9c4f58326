import { describe, expect, it } from "vitest"
import { type KubeObject, keyOf } from "../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, FLUENTD, pods, remove, send, settle } from "../builders/cluster.ts"
import { cronTab, cronTabs } from "../builders/crontab.ts"

function configMap(name: string, metadata: object = {}, namespace = "apps"): KubeObject {
	return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, ...metadata } } as KubeObject
}

function ownedBy(owner: KubeObject | undefined, more: object = {}): object {
	const { apiVersion, kind, metadata } = owner as KubeObject
	return { apiVersion, kind, name: metadata.name, uid: metadata.uid, ...more }
}

/** An owner, and what it owns, in a cluster without nodes. */
function family(more: object = {}, finalizers: readonly string[] = []) {
	const on = cluster(0)
	apply(on, configMap("owner"))
	const owner = on.read("/ConfigMap/apps/owner")
	apply(on, configMap("child", { ownerReferences: [ownedBy(owner, more)], finalizers }))
	return on
}

describe("deleting an owner of any kind", () => {
	it("[G9] in the background takes its dependents with it", () => {
		const on = family()
		remove(on, "/ConfigMap/apps/owner")
		expect(on.read("/ConfigMap/apps/owner")).toBeUndefined()
		settle(on)
		expect(on.read("/ConfigMap/apps/child")).toBeUndefined()
	})

	it("[G9] leaves what another owner still holds, without the reference to the first", () => {
		const on = family()
		apply(on, configMap("other"))
		const references = ["owner", "other"].map((name) => ownedBy(on.read(`/ConfigMap/apps/${name}`)))
		apply(on, configMap("child", { ownerReferences: references }))
		remove(on, "/ConfigMap/apps/owner")
		settle(on)
		expect(on.read("/ConfigMap/apps/child")?.metadata.ownerReferences).toMatchObject([{ name: "other" }])
	})

	it("[G10] in the foreground waits for a dependent that blocks it until its finalizer is gone", () => {
		const on = family({ blockOwnerDeletion: true }, ["example.com/hold"])
		remove(on, "/ConfigMap/apps/owner", "Foreground")
		settle(on)
		expect(on.settled()).toBe(true)
		expect(on.read("/ConfigMap/apps/owner")?.metadata.finalizers).toEqual(["foregroundDeletion"])
		const child = on.read("/ConfigMap/apps/child") as KubeObject
		expect(child.metadata.deletionTimestamp).toBeDefined()
		const { finalizers: _, ...metadata } = child.metadata
		send(on, { verb: "update", key: keyOf(child), object: { ...child, metadata } })
		settle(on)
		expect([...on.list({ group: "", kind: "ConfigMap" })]).toEqual([])
	})

	it("[G10] in the foreground does not wait for one that does not block it", () => {
		const on = family({ blockOwnerDeletion: false }, ["example.com/hold"])
		remove(on, "/ConfigMap/apps/owner", "Foreground")
		settle(on)
		expect(on.read("/ConfigMap/apps/owner")).toBeUndefined()
		expect(on.read("/ConfigMap/apps/child")?.metadata.deletionTimestamp).toBeDefined()
	})

	it("[G10] orphaning leaves dependents without their reference", () => {
		const on = family()
		remove(on, "/ConfigMap/apps/owner", "Orphan")
		settle(on)
		expect(on.read("/ConfigMap/apps/owner")).toBeUndefined()
		expect(on.read("/ConfigMap/apps/child")?.metadata).not.toHaveProperty("ownerReferences")
	})
})

describe("deleting a namespace", () => {
	const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } } as KubeObject
	const inApps = (object: KubeObject) => ({ ...object, metadata: { ...object.metadata, namespace: "apps" } })

	it("[G11] deletes what is in it, then the namespace, and nothing else", () => {
		const on = cluster(2)
		for (const object of [namespace, behavior(), configMap("settings"), configMap("kept", {}, "other")])
			apply(on, object)
		apply(on, inApps(daemonSet()))
		settle(on)
		expect(pods(on)).toHaveLength(2)
		remove(on, "/Namespace//apps")
		expect(on.read("/Namespace//apps")).toMatchObject({ status: { phase: "Terminating" } })
		expect(apply(on, configMap("late"))).toMatchObject({ accepted: false, refusal: { reason: "Forbidden" } })
		settle(on)
		expect(pods(on)).toHaveLength(0)
		expect(on.read("/Namespace//apps")).toBeUndefined()
		expect([...on.list({ group: "", kind: "ConfigMap" })].map(({ metadata }) => metadata.name)).toEqual(["kept"])
		expect([...on.list({ group: "apps", kind: "ControllerRevision" })]).toEqual([])
	})

	it("[G11] is refused for those that the API server needs", () => {
		const on = cluster(0)
		apply(on, { ...namespace, metadata: { name: "kube-system" } } as KubeObject)
		expect(remove(on, "/Namespace//kube-system")).toMatchObject({ refusal: { reason: "Forbidden" } })
	})
})

describe("deleting a CustomResourceDefinition", () => {
	const DEFINITION = "apiextensions.k8s.io/CustomResourceDefinition//crontabs.stable.example.com"
	const TAB = "stable.example.com/CronTab/default/nightly"
	const tab = (name: string, finalizers: readonly string[] = []) =>
		({ ...cronTab(), metadata: { name, namespace: "default", finalizers } }) as unknown as KubeObject

	it("[G12] takes with it what it defines, and nothing else", () => {
		const on = cluster(0)
		const other = { apiVersion: "other.example.com/v1", kind: "CronTab", metadata: { name: "x" } } as KubeObject
		for (const object of [cronTabs() as unknown as KubeObject, tab("a"), tab("b"), other]) apply(on, object)
		remove(on, DEFINITION)
		expect([...on.list({ group: "stable.example.com", kind: "CronTab" })]).toEqual([])
		expect(on.read(DEFINITION)).toBeUndefined()
		expect([...on.list({ group: "other.example.com", kind: "CronTab" })]).toHaveLength(1)
	})

	it("[G12] waits for what has finalizers", () => {
		const on = cluster(0)
		for (const object of [cronTabs() as unknown as KubeObject, tab("nightly", ["example.com/hold"]), tab("b")])
			apply(on, object)
		remove(on, DEFINITION)
		expect(on.read(DEFINITION)?.metadata.finalizers).toEqual(["customresourcecleanup.apiextensions.k8s.io"])
		expect(on.read("stable.example.com/CronTab/default/b")).toBeUndefined()
		const held = on.read(TAB) as KubeObject
		const { finalizers: _, ...metadata } = held.metadata
		send(on, { verb: "update", key: TAB, object: { ...held, metadata } })
		expect(on.read(TAB)).toBeUndefined()
		expect(on.read(DEFINITION)).toBeUndefined()
	})
})

describe("a pod with a finalizer", () => {
	it("[G8] has ended when it was stopped, and goes with its last finalizer", () => {
		const on = cluster(1)
		apply(on, behavior())
		const pod = {
			apiVersion: "v1",
			kind: "Pod",
			metadata: { name: "held", namespace: "apps", finalizers: ["example.com/hold"] },
			spec: { containers: [{ name: "main", image: "main:v1" }] },
		} as unknown as KubeObject
		apply(on, pod)
		settle(on)
		remove(on, "/Pod/apps/held")
		settle(on)
		const held = on.read("/Pod/apps/held") as KubeObject
		expect(held).toMatchObject({ status: { phase: "Succeeded" } })
		const { finalizers: _, ...metadata } = held.metadata
		send(on, { verb: "update", key: keyOf(held), object: { ...held, metadata } })
		expect(on.read("/Pod/apps/held")).toBeUndefined()
		expect(on.read(FLUENTD)).toBeUndefined()
	})
})
