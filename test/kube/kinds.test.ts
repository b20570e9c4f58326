import { expect, test } from "vitest"
import { findKind, isNamespaced, KINDS, resolveKind } from "../../src/kube/index.ts"

test.each([
	["ds", "DaemonSet"],
	["daemonset", "DaemonSet"],
	["daemonsets.apps", "DaemonSet"],
	["daemonsets.v1.apps", "DaemonSet"],
	["DaemonSet", "DaemonSet"],
	["no", "Node"],
	["po", "Pod"],
	["pods.v1", "Pod"],
	["ev", "Event"],
	["pc", "PriorityClass"],
	["controllerrevisions", "ControllerRevision"],
	["nodepools", "NodePool"],
	["daemonsets.extensions", undefined],
	["__proto__", undefined],
])("resolveKind reads %s as %s", (typed, kind) => {
	expect(resolveKind(typed)?.kind).toBe(kind)
})

test("kinds are known by group and kind together", () => {
	expect(findKind("", "Event")?.version).toBe("v1")
	expect(findKind("events.k8s.io", "Event")?.group).toBe("events.k8s.io")
	expect(findKind("", "DaemonSet")).toBeUndefined()
	expect(isNamespaced("apps/v1", "DaemonSet")).toBe(true)
	expect(isNamespaced("v1", "Node")).toBe(false)
	expect(isNamespaced("example.com/v1", "Widget")).toBeUndefined()
})

test("no two kinds share a plural within a group", () => {
	const names = KINDS.map((kind) => `${kind.plural}.${kind.group}`)
	expect(new Set(names).size).toBe(names.length)
})
