import { describe, expect, test } from "vitest"
import {
	cleanUpRevisions,
	encodeHash,
	planRevisions,
	revisionHash,
	revisionLabel,
	templateIdentity,
	undo,
} from "../../../src/cluster/daemonset/index.ts"
import type { ControllerRevision, DaemonSet, PodSpec, PodTemplate } from "../../../src/kube/index.ts"
import { daemonSet } from "../../builders/daemon-set.ts"
import { readConstants } from "../../conformance/cases.ts"

/** A DaemonSet whose template has this image. */
function withImage(image: string, over: Partial<DaemonSet> = {}): DaemonSet {
	return daemonSet({ podSpec: { containers: [{ name: "agent", image }] } }, over)
}

/** The revision that a sync would make for it, with this number. */
function revisionOf(
	image: string,
	revision: number,
	over: Partial<ControllerRevision["metadata"]> = {},
): ControllerRevision {
	const plan = planRevisions(withImage(image), [])
	if (plan.error !== undefined) throw new Error(plan.error)
	return { ...plan.current, revision, metadata: { ...plan.current.metadata, ...over } } as ControllerRevision
}

function template(spec: object, metadata: object = { labels: { app: "agent" } }): PodTemplate {
	return { metadata, spec: { containers: [], ...spec } as PodSpec }
}

function withArgs(...args: string[]): object {
	return { containers: [{ name: "agent", args }] }
}

function limited(memory: string): object {
	return { containers: [{ name: "agent", resources: { limits: { memory } } }] }
}

function volume(source: object): object {
	return { volumes: [{ name: "data", ...source }] }
}

describe("templateIdentity", () => {
	test.each([
		{ title: "an explicit false", a: template({ hostNetwork: false }), b: template({}) },
		{ title: "an empty list", a: template({ tolerations: [] }), b: template({}) },
		{ title: "an empty map", a: template({ nodeSelector: {} }), b: template({}) },
		{ title: "an empty text", a: template({ nodeName: "" }), b: template({}) },
		{ title: "null", a: template({ affinity: null }), b: template({}) },
		{ title: "an empty metadata", a: template({}, {}), b: template({}, { labels: {}, annotations: {} }) },
		{
			title: "the order of members",
			a: template({ priority: 1, nodeName: "n" }),
			b: template({ nodeName: "n", priority: 1 }),
		},
		{ title: "another spelling of a quantity", a: template(limited("1Gi")), b: template(limited("1024Mi")) },
	])("[H1] $title makes no other version", ({ a, b }) => {
		expect(templateIdentity(a)).toBe(templateIdentity(b))
	})

	test.each([
		{ title: "the order of a list", a: template(withArgs("a", "b")), b: template(withArgs("b", "a")) },
		{ title: "an empty text in a list", a: template(withArgs("")), b: template(withArgs()) },
		{ title: "an optional zero", a: template({ terminationGracePeriodSeconds: 0 }), b: template({}) },
		{ title: "an empty label value", a: template({}, { labels: { a: "" } }), b: template({}, { labels: {} }) },
		{ title: "an empty structure", a: template(volume({ emptyDir: {} })), b: template(volume({})) },
	])("[H1] $title makes another version", ({ a, b }) => {
		expect(templateIdentity(a)).not.toBe(templateIdentity(b))
	})
})

describe("revisionHash", () => {
	test("[H4] letters stand for the digits as in Kubernetes", () => {
		const { hashEncodingExamples } = readConstants() as { hashEncodingExamples: Record<string, string> }
		for (const [hash, letters] of Object.entries(hashEncodingExamples)) expect(encodeHash(Number(hash))).toBe(letters)
	})

	test("[H4] each collision count gives another hash", () => {
		const counts = [undefined, 0, 1, 2]
		expect(new Set(counts.map((count) => revisionHash(template({}), count))).size).toBe(counts.length)
	})
})

describe("planRevisions", () => {
	test("[H7] the first revision takes the DaemonSet's annotations and the template's labels", () => {
		const annotations = { "kubernetes.io/change-cause": "first" }
		const owner = withImage("v1", { metadata: { name: "agent", namespace: "default", uid: "agent-uid", annotations } })
		const plan = planRevisions(owner, [])
		const hash = revisionHash(owner.spec.template, undefined)
		expect(plan).toMatchObject({
			writes: [{ kind: "create-revision" }],
			current: {
				metadata: { name: `agent-${hash}`, annotations, labels: { app: "agent", "controller-revision-hash": hash } },
				revision: 1,
			},
			old: [],
		})
	})

	test("[H7] a change of the cause alone writes nothing", () => {
		const annotations = { "kubernetes.io/change-cause": "second" }
		const owner = withImage("v1", { metadata: { name: "agent", namespace: "default", uid: "agent-uid", annotations } })
		expect(planRevisions(owner, [revisionOf("v1", 1)]).writes).toEqual([])
	})

	test("[H2] a template that returns renumbers its own revision above all others", () => {
		const plan = planRevisions(withImage("v1"), [revisionOf("v1", 1), revisionOf("v2", 2)])
		expect(plan.writes).toEqual([{ kind: "update-revision", revision: revisionOf("v1", 3) }])
	})

	test("[H4] a name that somebody else has fails the sync and raises the collision count", () => {
		const { name } = revisionOf("v1", 1).metadata
		const taken = { ...revisionOf("v2", 1, { name, labels: {} }), metadata: { name, namespace: "default" } }
		expect(planRevisions(withImage("v1"), [taken as ControllerRevision])).toEqual({
			writes: [{ kind: "raise-collision-count", collisionCount: 1 }],
			error: `controllerrevisions.apps "${name}" already exists`,
		})
	})

	test("[H6] of duplicates the highest stays and every pod is relabelled to it", () => {
		const labels = { app: "agent", "controller-revision-hash": "twin" }
		const twin = revisionOf("v1", 5, { name: "twin", labels })
		const first = revisionOf("v1", 1)
		const plan = planRevisions(withImage("v1"), [twin, first])
		expect(plan).toMatchObject({
			writes: [
				{ kind: "relabel-pods", hash: "twin" },
				{ kind: "delete-revision", name: first.metadata.name },
			],
			current: twin,
		})
	})

	test("[C2] an orphan that matches is adopted, and without a hash label gets its name as one", () => {
		const orphan = revisionOf("v2", 4, { name: "orphan", labels: { app: "agent" }, ownerReferences: [] })
		const plan = planRevisions(withImage("v1"), [orphan])
		expect(plan.writes[0]).toMatchObject({
			kind: "update-revision",
			revision: {
				metadata: { labels: { "controller-revision-hash": "orphan" }, ownerReferences: [{ uid: "agent-uid" }] },
			},
		})
		expect(plan).toMatchObject({ current: { revision: 5 }, old: [{ metadata: { name: "orphan" } }] })
	})
})

describe("cleanUpRevisions", () => {
	const old = ["v1", "v2", "v3"].map((image, index) => revisionOf(image, index + 1))
	const names = old.map(({ metadata }) => metadata.name)
	const hashes = old.map(revisionLabel)

	test.each([
		{ title: "the lowest go first", live: [], limit: 1, want: names.slice(0, 2) },
		{ title: "one in use is skipped but counts", live: hashes.slice(0, 1), limit: 1, want: names.slice(1) },
		{ title: "none goes while all are in use", live: hashes, limit: 0, want: [] },
		{ title: "none goes within the limit", live: [], limit: 3, want: [] },
	])("[H5] $title", ({ live, limit, want }) => {
		expect(cleanUpRevisions(old, new Set(live), limit)).toEqual(want)
	})
})

describe("undo", () => {
	const history = [revisionOf("v1", 1), revisionOf("v2", 2), revisionOf("v3", 3)]

	test.each([
		{ to: 0, kind: "rolled-back", message: "rolled back", image: "v2" },
		{ to: 1, kind: "rolled-back", message: "rolled back", image: "v1" },
		{ to: 3, kind: "skipped", message: "skipped rollback (current template already matches revision 3)" },
		{ to: 9, kind: "refused", message: "error: unable to find specified revision 9 in history" },
	])("[H3] to revision $to says: $message", ({ to, kind, message, image }) => {
		const got = undo(withImage("v3"), history, to)
		expect(got).toMatchObject({ kind, message })
		if (got.kind === "rolled-back") expect(got.template.spec.containers[0]?.image).toBe(image)
	})

	test("[H3] with a single revision there is nothing to go back to", () => {
		const message = "error: no last revision to roll back to"
		expect(undo(withImage("v1"), history.slice(0, 1), 0)).toEqual({ kind: "refused", message })
	})

	test("revisions of others are not its history", () => {
		const foreign = revisionOf("v9", 9, { name: "foreign", ownerReferences: [] })
		expect(undo(withImage("v3"), [...history, foreign], 9).kind).toBe("refused")
	})
})
