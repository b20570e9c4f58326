import { describe, expect, it } from "vitest"
import { createLog, logEvent } from "../../src/cli/live/log.ts"
import { plain } from "../../src/cli/output/paint.ts"
import { findingsText } from "../../src/cli/report/findings.ts"
import type { Reader } from "../../src/cli/world.ts"
import type { CommitRecord, RolloutRow } from "../../src/history/index.ts"
import type { KubeObject } from "../../src/kube/index.ts"
import { clusterReader } from "../cli/cluster-reader.ts"
import { ledgerOf } from "../cli/ledger-of.ts"
import { ran } from "../cli/test-shell.ts"

/** What a hostile commit, manifest or node name would like a terminal to do. */
const EVIL =
	"x\u001b]0;title\u0007\u001b]52;c;cm0gLXJm\u0007\u001b[2J\u001b[1;31m\u009b31m\u009d0;y\u009c\u001bP+q\u001b\\\u001b]8;;http://evil\u001b\\\b\r\u0000\u007f\u202e\u200bz"
const NOW = Date.UTC(2026, 2, 2, 9)
const KEY = `apps/DaemonSet/logging/${EVIL}`
const ID = "4f2c1e9a77b0c1d2e3f4a5b6c7d8e9f00112233a"

const text = EVIL
const labels = { [EVIL]: EVIL, "node-role.kubernetes.io/x": "" }
const objects: readonly KubeObject[] = [
	{
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: EVIL, namespace: "logging", labels, annotations: { [EVIL]: EVIL } },
		spec: {
			selector: { matchLabels: { [EVIL]: EVIL } },
			template: {
				spec: {
					nodeSelector: { [EVIL]: EVIL },
					tolerations: [{ key: EVIL, value: EVIL, effect: EVIL }],
					containers: [
						{
							name: EVIL,
							image: EVIL,
							command: [EVIL],
							args: [EVIL],
							env: [{ name: EVIL, value: EVIL }],
							volumeMounts: [{ name: EVIL, mountPath: EVIL }],
						},
					],
					volumes: [{ name: EVIL, hostPath: { path: EVIL } }],
				},
			},
		},
	},
	{
		apiVersion: "v1",
		kind: "Node",
		metadata: { name: EVIL, labels },
		spec: { taints: [{ key: EVIL, value: EVIL, effect: EVIL }] },
		status: {
			conditions: [{ type: EVIL, status: EVIL, reason: EVIL, message: EVIL }],
			capacity: { [EVIL]: EVIL },
			nodeInfo: { osImage: EVIL, kubeletVersion: EVIL },
		},
	},
	{
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name: EVIL,
			namespace: "logging",
			labels,
			ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: EVIL, uid: "u", controller: true }],
		},
		spec: { nodeName: EVIL, containers: [{ name: EVIL, image: EVIL }] },
		status: {
			phase: EVIL,
			reason: EVIL,
			message: EVIL,
			containerStatuses: [{ name: EVIL, state: { waiting: { reason: EVIL } } }],
		},
	},
	{
		apiVersion: "v1",
		kind: "Event",
		metadata: { name: EVIL, namespace: "logging" },
		involvedObject: { kind: "DaemonSet", namespace: "logging", name: EVIL },
		type: EVIL,
		reason: EVIL,
		message: EVIL,
		source: { component: EVIL },
	},
	{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: EVIL, namespace: "logging" }, data: { [EVIL]: EVIL } },
]
const person = { name: EVIL, email: EVIL }
const commit: CommitRecord = {
	commit: ID,
	parents: [],
	author: person,
	committer: { ...person, email: "x" },
	authoredAt: NOW,
	committedAt: NOW,
	subject: EVIL,
	trailers: [{ name: EVIL, value: EVIL, commit: ID, author: person }],
	brings: [{ commit: EVIL, author: person, subject: EVIL }],
}
const revision = { revision: 1, hash: EVIL, images: [EVIL], changeCause: EVIL }
const row: RolloutRow = {
	rollout: 1,
	daemonSet: KEY,
	trigger: { kind: "commit", commit: ID },
	commit: { commit: ID, author: EVIL, subject: EVIL },
	from: { ...revision, images: ["other"] },
	to: revision,
	startedAt: NOW,
	startedWall: NOW,
	reason: EVIL,
	causes: [{ cause: EVIL, nodes: 1, examples: [EVIL] }],
}
const fields = [{ path: EVIL, before: EVIL, after: { [EVIL]: EVIL } }]
const finding = { code: EVIL, severity: "error", message: EVIL, file: EVIL, line: 1, column: 1, object: "o" } as const
const step = {
	node: EVIL,
	pod: EVIL,
	fromHash: EVIL,
	toHash: EVIL,
	stoppedAt: 1,
	goneAt: 2,
	createdAt: 3,
	readyAt: 4,
	availableAt: 5,
	restarts: 0,
	cause: EVIL,
}
const ledger = ledgerOf({
	rollouts: [row],
	commits: [
		{
			commit: ID,
			author: EVIL,
			subject: EVIL,
			committedAt: NOW,
			at: NOW,
			wall: NOW,
			verdict: "applied",
			reason: EVIL,
			changes: 1,
			refused: 1,
			findings: 1,
		},
	],
	details: [{ row, commit, fields, steps: [step] }],
	commitDetails: [
		{
			commit,
			at: NOW,
			verdict: "applied",
			reason: EVIL,
			changes: [{ key: KEY, action: "update", fields, path: EVIL }],
			findings: [finding],
			refused: [{ key: KEY, path: EVIL, line: 1, message: EVIL }],
			rollouts: [row],
		},
	],
})
const cluster = clusterReader(objects, NOW)
const reader: Reader = {
	cluster,
	at: () => cluster,
	ledger,
	quarantined: [],
	waiting: new Map(),
	close: () => undefined,
}
const world = {
	openReader: async () => reader,
	diff: async () => ({
		from: "live",
		to: "main",
		changes: [{ key: KEY, action: "update" as const, fields, path: EVIL, line: 1 }],
	}),
}

/** Characters that act on a terminal, or hide what is there. */
function acting(printed: string): readonly string[] {
	return [...printed].filter((character) => /[\p{Cc}\u202e\u200b]/u.test(character) && character !== "\n")
}

describe("row 57: terminal escapes in names, authors, messages and paths", () => {
	const commands = [
		"get ds,nodes,pods,events,cm -A --show-labels",
		"get nodes -o wide",
		"get pods -n logging -o name",
		"get pods -n logging -o json",
		"get events -n logging -o yaml",
		"history",
		"history -o wide",
		"history --commits",
		"history -o yaml",
		"show 1",
		"show 1 -o json",
		`show ${ID}`,
		`show ${ID} -o yaml`,
		"diff --repo /srv/x",
		"diff --repo /srv/x -o json",
	].map((line) => line.split(" "))

	it.each([
		...commands,
		["describe", "ds", EVIL, "-n", "logging"],
		["describe", "pod", EVIL, "-n", "logging"],
		["describe", "cm", EVIL, "-n", "logging"],
		["describe", "node", EVIL],
		["trace", EVIL, "-o", "wide"],
		["trace", EVIL, "--at", "2026-03-02T09:00:00Z"],
		["get", "ds", `${EVIL}-nosuch`],
		["get", EVIL],
		["show", EVIL],
	])("rollcall %s %s prints nothing that acts", async (...argv) => {
		const { out, err } = await ran(
			argv.filter((word) => word !== undefined),
			{ world },
		)
		expect(out + err).not.toBe("")
		expect(acting(out + err)).toEqual([])
	})

	it("rollcall check prints nothing that acts", async () => {
		const { out } = await ran(["check", "-"], { stdin: `a: "${JSON.stringify(EVIL).slice(1, -1)}"\nkind: [\n` })
		expect(acting(out)).toEqual([])
		expect(acting(findingsText([finding], plain))).toEqual([])
	})

	it.each(["json", "pretty"] as const)("a %s log line holds nothing that acts", (format) => {
		const lines: string[] = []
		const log = createLog({ level: "debug", format, paint: plain, write: (line) => lines.push(line) })
		logEvent(log, { at: NOW, level: "warn", event: text, message: EVIL, fields: { [EVIL]: EVIL } })
		expect(lines).toHaveLength(1)
		expect(acting(lines.join(""))).toEqual([])
	})
})
