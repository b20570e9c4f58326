import { expect, test } from "vitest"
import { type CommitRecord, type Quarantined, quarantineAfter } from "../../src/history/index.ts"
import { daemonSetKey } from "../builders/ledger.ts"

const ADA = { name: "Ada", email: "ada@example.org" }
const AGENT = daemonSetKey("agent")

/** A commit with trailers, as `u: DaemonSet=kube-system/agent Rollback-Of=b`; `+` before one that a merge brings in. */
function record(text: string): CommitRecord {
	const said = text.split(" + ").map((part) => {
		const [commit = "", ...words] = part.split(/:? /)
		return { commit, trailers: words.map((word) => word.split("=")) }
	})
	const [own] = said
	return {
		commit: own?.commit ?? "",
		parents: [],
		author: ADA,
		committer: ADA,
		authoredAt: 0,
		committedAt: 0,
		subject: "",
		trailers: said.flatMap(({ commit, trailers }) =>
			trailers.map(([name = "", value = ""]) => ({ name, value: value.replace("~", " "), commit, author: ADA })),
		),
		brings: [],
	}
}

const BAD = "b".repeat(40)
const WORSE = "c".repeat(40)
const UNDO = `u: DaemonSet=kube-system/agent Rollback-Of=${BAD}`

const after = (...texts: readonly string[]): readonly string[] => {
	let quarantined: readonly Quarantined[] = []
	for (const text of texts) quarantined = quarantineAfter(quarantined, record(text)).quarantined
	return quarantined.map(({ daemonSet, commit, by }) => `${daemonSet.split("/").at(-1)} ${commit[0]} by ${by}`)
}

test.each<[string, readonly string[], readonly string[]]>([
	["nothing where no commit says so", ["a:", "b: Signed-off-by=Ada"], []],
	["what was rolled away from", [UNDO], ["agent b by u"]],
	["all that was rolled away from at once", [`${UNDO} Rollback-Of=${WORSE}`], ["agent b by u", "agent c by u"]],
	["it once, whoever says it again", [UNDO, UNDO.replace("u:", "v:")], ["agent b by u"]],
	["it whatever the case of the trailer's name", [UNDO.replace("Rollback-Of", "rollback-of")], ["agent b by u"]],
	["it for each DaemonSet of the commit", [`${UNDO} DaemonSet=ops/x`], ["agent b by u", "x b by u"]],
	["nothing without the name of a DaemonSet", [`u: Rollback-Of=${BAD}`], []],
	["nothing for a name that is none", [UNDO.replace("kube-system/agent", "agent")], []],
	["nothing that is no commit", [UNDO.replace(BAD, "--upload-pack=x"), UNDO.replace(BAD, "HEAD")], []],
	["nothing any more after a release", [UNDO, "r: Release=kube-system/agent"], []],
	["it after another one's release", [UNDO, "r: Release=kube-system/other"], ["agent b by u"]],
	["it where the release came before", ["r: Release=kube-system/agent", UNDO], ["agent b by u"]],
	[
		"the rest where one commit is released",
		[`${UNDO} Rollback-Of=${WORSE}`, `r: Release=kube-system/agent~${BAD}`],
		["agent c by u"],
	],
	["it again, rolled away from after a release", [UNDO, "r: Release=kube-system/agent", UNDO], ["agent b by u"]],
	["what a merge brings in", [`m: + ${UNDO}`], ["agent b by u"]],
	["nothing where a merge brings in both, the newest first", [`m: + r: Release=kube-system/agent + ${UNDO}`], []],
])("quarantineAfter keeps %s", (_, texts, want) => {
	expect(after(...texts)).toEqual(want)
})

test("quarantineAfter gives back the same list for a commit that says nothing", () => {
	const { quarantined } = quarantineAfter([], record(UNDO))
	expect(quarantineAfter(quarantined, record("a: Signed-off-by=Ada")).quarantined).toBe(quarantined)
})

test("quarantineAfter says what a release let go, and whose it was", () => {
	const { quarantined } = quarantineAfter([], record(UNDO))
	expect(quarantineAfter(quarantined, record("r: Release=kube-system/agent")).released).toEqual([
		{ daemonSet: AGENT, commit: BAD, by: "u", release: { commit: "r", author: "Ada" } },
	])
})
