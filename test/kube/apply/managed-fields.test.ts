import { describe, expect, test } from "vitest"
import { applyManaged, type KubeObject, prepareCreate, prepareUpdate, updateManaged } from "../../../src/kube/index.ts"

const TIME = "2026-03-02T09:15:17Z"
const CONTAINER = '.spec.template.spec.containers[name="agent"]'

const object = (image: string, more: object = {}, metadata: object = {}): KubeObject =>
	({
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "log-agent", namespace: "default", labels: { app: "log" }, ...metadata },
		spec: {
			selector: { matchLabels: { app: "log" } },
			template: {
				metadata: { labels: { app: "log" } },
				spec: { containers: [{ name: "agent", image }], ...more },
			},
		},
	}) as unknown as KubeObject

/** As it is stored. */
const updated = (live: KubeObject | undefined, next: KubeObject, manager: string, time = TIME): KubeObject => {
	const written = updateManaged(live, next, { manager, time })
	return live === undefined ? prepareCreate(written) : prepareUpdate(live, written)
}
const applied = (live: KubeObject | undefined, next: KubeObject, manager: string, force = false) =>
	applyManaged(live, next, { manager, time: TIME, force })
const taken = (answer: ReturnType<typeof applied>): KubeObject => {
	if ("refusal" in answer) throw new Error(answer.refusal.message)
	return answer.object
}
const entries = (of: KubeObject): readonly string[] =>
	(of.metadata.managedFields ?? []).map(({ manager, operation, subresource }) =>
		[manager, operation, subresource].filter((word) => word !== undefined).join(" "),
	)
const fieldsOf = (of: KubeObject, manager: string): string =>
	JSON.stringify((of.metadata.managedFields ?? []).find((entry) => entry["manager"] === manager)?.["fieldsV1"])
const image = (of: KubeObject): unknown =>
	(of["spec"] as { template: { spec: { containers: { image: string }[] } } }).template.spec.containers[0]?.image

describe("updateManaged", () => {
	test("gives who creates an object all its fields, defaults included, and those who write it later what they change", () => {
		const first = updated(undefined, object("a:1"), "ada")
		expect(fieldsOf(first, "ada")).toContain('"f:terminationMessagePolicy":{}')
		const second = updated(first, object("a:2", {}, first.metadata), "bob")
		expect(entries(second)).toEqual(["ada Update", "bob Update"])
		expect(fieldsOf(second, "bob")).toContain('"k:{\\"name\\":\\"agent\\"}":{"f:image":{}}')
		expect(fieldsOf(second, "ada")).not.toContain('"f:image":{}')
	})

	test("takes a field that is gone from everyone, and forgets who has nothing left", () => {
		const first = updated(undefined, object("a:1"), "ada")
		const more = updated(first, object("a:1", { hostNetwork: true }, first.metadata), "bob")
		expect(entries(more)).toEqual(["ada Update", "bob Update"])
		const less = updated(more, object("a:1", {}, more.metadata), "cleo")
		expect(entries(less)).toEqual(["ada Update"])
	})

	test("leaves everything as it was, times too, where nothing changes", () => {
		const first = updated(undefined, object("a:1"), "ada")
		const again = updated(first, object("a:1", {}, first.metadata), "bob", "2026-03-03T00:00:00Z")
		expect(again.metadata.managedFields).toEqual(first.metadata.managedFields)
	})

	test("reads nothing out of entries that are none", () => {
		const odd = [
			{},
			null,
			{ manager: 1 },
			{ manager: "x", operation: "Update", apiVersion: "v1", fieldsV1: { "k:{": {} } },
		]
		const live = object("a:1", {}, { managedFields: odd })
		expect(entries(updated(live, object("a:2"), "ada"))).toEqual(["ada Update"])
	})
})

describe("applyManaged", () => {
	test("is refused where it would change a field of another manager, which it names", () => {
		const live = updated(undefined, object("a:1"), "kubectl-patch")
		expect(applied(live, object("a:2"), "kubectl")).toEqual({
			refusal: {
				reason: "Conflict",
				message: `Apply failed with 1 conflict: conflict with "kubectl-patch" using apps/v1: ${CONTAINER}.image`,
				causes: [
					{
						type: "ManagerConflict",
						field: `${CONTAINER}.image`,
						message: 'conflict with "kubectl-patch" using apps/v1',
					},
				],
			},
		})
	})

	test("names several conflicts by manager, in order", () => {
		const live = taken(applied(updated(undefined, object("a:1"), "b"), object("a:1"), "a"))
		const answer = applied(live, object("a:2"), "kubectl")
		expect("refusal" in answer && answer.refusal.message).toBe(
			`Apply failed with 2 conflicts: conflicts with "a":\n- ${CONTAINER}.image\nconflicts with "b" using apps/v1:\n- ${CONTAINER}.image`,
		)
	})

	test("takes the field with force, from all others", () => {
		const live = updated(undefined, object("a:1"), "ada")
		const next = taken(applied(live, object("a:2"), "kubectl", true))
		expect(image(next)).toBe("a:2")
		expect(fieldsOf(next, "ada")).not.toContain('"f:image":{}')
		expect(entries(next)).toEqual(["kubectl Apply", "ada Update"])
	})

	test("owns a field of the same value together, and what nobody else owns goes when it is no longer applied", () => {
		const live = updated(undefined, object("a:1"), "ada")
		const both = taken(applied(live, object("a:1", { hostNetwork: true }), "kubectl"))
		expect(both["spec"]).toMatchObject({ template: { spec: { hostNetwork: true } } })
		const less = taken(applied(both, object("a:1"), "kubectl"))
		expect(JSON.stringify(less)).not.toContain("hostNetwork")
		const bare = { ...object("a:1"), spec: {} } as unknown as KubeObject
		expect(image(taken(applied(less, bare, "kubectl")))).toBe("a:1")
	})

	test("says again what was applied: nothing changes, the time neither", () => {
		const first = taken(applied(undefined, object("a:1"), "kubectl"))
		const again = applyManaged(first, object("a:1"), { manager: "kubectl", time: "2027-01-01T00:00:00Z", force: false })
		expect("object" in again && again.object.metadata.managedFields).toEqual(first.metadata.managedFields)
	})
})
