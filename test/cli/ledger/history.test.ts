import { describe, expect, it } from "vitest"
import { printCommits, printRollouts } from "../../../src/cli/ledger/print.ts"
import { showCommit, showRollout } from "../../../src/cli/ledger/show.ts"
import { traceNode } from "../../../src/cli/ledger/trace.ts"
import { imageChange } from "../../../src/cli/ledger/words.ts"
import { plain } from "../../../src/cli/output/paint.ts"
import type { CommitRecord, CommitRow, NodeStep, RevisionRow, RolloutRow } from "../../../src/history/index.ts"
import type { KubeObject } from "../../../src/kube/index.ts"
import { clusterReader } from "../cluster-reader.ts"

const START = Date.UTC(2026, 2, 2, 9)
const NOW = START + 3_600_000
const FLUENTD = "apps/DaemonSet/logging/fluentd"
const ID = "4f2c1e9a77b0c1d2e3f4a5b6c7d8e9f00112233a"

function rollout(changes: Partial<RolloutRow> = {}): RolloutRow {
	return {
		rollout: 2,
		daemonSet: FLUENTD,
		trigger: { kind: "commit", commit: ID },
		commit: { commit: ID, author: "Priya Nair", subject: "logging: fluentd 1.17.1" },
		from: { revision: 1, hash: "5bc545859f", images: ["registry.example.com/logging/fluentd:1.16.5"] },
		to: {
			revision: 2,
			hash: "7d9c8b6f54",
			images: ["registry.example.com/logging/fluentd:1.17.1"],
			changeCause: "compressed logs",
		},
		startedAt: START,
		startedWall: START,
		endedAt: START + 250_000,
		endedWall: START + 12_500,
		verdict: "complete",
		nodes: { desired: 63, updated: 63, available: 63, mostUnavailable: 7 },
		causes: [],
		...changes,
	}
}

const record: CommitRecord = {
	commit: ID,
	parents: ["00"],
	author: { name: "Priya Nair", email: "priya@example.com" },
	committer: { name: "Priya Nair", email: "priya@example.com" },
	authoredAt: START,
	committedAt: START,
	subject: "logging: fluentd 1.17.1",
	trailers: [],
	brings: [],
}

function step(changes: Partial<NodeStep>): NodeStep {
	return {
		node: "general-0",
		pod: "fluentd-x2k4p",
		fromHash: "5bc545859f",
		toHash: "7d9c8b6f54",
		stoppedAt: START,
		goneAt: START + 2_000,
		createdAt: START + 2_000,
		readyAt: START + 12_000,
		availableAt: START + 17_000,
		restarts: 0,
		cause: "",
		...changes,
	}
}

const options = { format: "table", now: NOW, paint: plain, noHeaders: false } as const

describe("history", () => {
	it("shows number, revision, commit, author, nodes, time, verdict and the image's change", () => {
		const seen: RevisionRow = {
			daemonSet: FLUENTD,
			revision: { revision: 1, hash: "5bc545859f", images: ["fluentd:1.16.5"] },
			origin: "seen-in-git",
			at: START - 86_400_000,
		}
		const {
			verdict: _,
			endedAt: __,
			nodes: ___,
			...open
		} = rollout({ rollout: 3, trigger: { kind: "client", client: "kubectl" } })
		const { commit: ____, ...byKubectl } = open
		expect(printRollouts([byKubectl, rollout()], [seen], options)).toMatchInlineSnapshot(`
			"ROLLOUT   DAEMONSET         REVISION   COMMIT     AUTHOR       AGE   NODES   TOOK    VERDICT                       IMAGES                    CHANGE-CAUSE
			3         logging/fluentd   2          <none>     kubectl      60m   -       1h      running                       fluentd 1.16.5 → 1.17.1   compressed logs
			2         logging/fluentd   2          4f2c1e9a   Priya Nair   60m   63/63   4m10s   complete                      fluentd 1.16.5 → 1.17.1   compressed logs
			-         logging/fluentd   -          <none>     <none>       25h   -       -       seen in git, not rolled out   fluentd:1.16.5            <none>
			"
		`)
	})

	it("says it all in JSON, with both clocks and a version", () => {
		const json = JSON.parse(printRollouts([rollout()], [], { ...options, format: "json" }))
		expect(json).toMatchObject({
			apiVersion: "rollcall.dev/v1",
			kind: "RolloutList",
			items: [
				{
					rollout: 2,
					daemonSet: { group: "apps", kind: "DaemonSet", namespace: "logging", name: "fluentd" },
					startedAt: "2026-03-02T09:00:00Z",
					endedWall: "2026-03-02T09:00:12Z",
					tookMs: 250_000,
					verdict: "complete",
				},
			],
		})
	})

	it("lists commits that rolled nothing out, with the reason", () => {
		const row: CommitRow = {
			commit: ID,
			author: "Jonas\u001b[31m Lind",
			subject: "two\nlines",
			committedAt: START,
			at: START,
			wall: START,
			verdict: "superseded",
			reason: "a newer commit came first",
			changes: 1,
			refused: 0,
			findings: 2,
		}
		expect(printCommits([row], options)).toMatchInlineSnapshot(`
			"COMMIT     AUTHOR       AGE   VERDICT      CHANGES   REFUSED   FINDINGS   SUBJECT     REASON
			4f2c1e9a   Jonas Lind   60m   superseded   1         0         2          two lines   a newer commit came first
			"
		`)
	})
})

describe("show", () => {
	it("shows a rollout's fields, causes, and the nodes in the order they went", () => {
		const detail = {
			row: rollout({
				verdict: "stuck",
				reason: "2 nodes have no available pod",
				causes: [{ cause: "CrashLoopBackOff", nodes: 2, examples: ["edge-0"] }],
			}),
			commit: record,
			fields: [
				{
					path: "spec.template.spec.containers[name=fluentd].image",
					before: "fluentd:1.16.5",
					after: "fluentd:1.17.1",
				},
			],
			steps: [
				step({
					node: "edge-0",
					stoppedAt: START + 20_000,
					readyAt: 0,
					availableAt: 0,
					restarts: 4,
					cause: "CrashLoopBackOff",
				}),
				step({}),
			],
		}
		expect(showRollout(detail, { now: NOW, paint: plain })).toMatchInlineSnapshot(`
			"Rollout:       2
			DaemonSet:     logging/fluentd
			Revision:      1 → 2 (7d9c8b6f54)
			Commit:        4f2c1e9a77b0c1d2e3f4a5b6c7d8e9f00112233a
			Subject:       logging: fluentd 1.17.1
			Author:        Priya Nair <priya@example.com>
			Committed:     2026-03-02 09:00:00Z
			Change-Cause:  compressed logs
			Started:       2026-03-02 09:00:00Z
			Took:          4m10s
			Verdict:       stuck: 2 nodes have no available pod
			Nodes:         63 of 63 updated, 63 available, at most 7 unavailable at once

			Changes:
			  ~ spec.template.spec.containers[name=fluentd].image: fluentd:1.16.5 → fluentd:1.17.1

			Causes:
			  CrashLoopBackOff: 2 nodes (edge-0, …)

			Nodes, in the order they went:
			NODE        POD             BEGAN       DOWN   TOOK   RESTARTS   CAUSE
			general-0   fluentd-x2k4p   09:00:00Z   17s    17s    0          <none>
			edge-0      fluentd-x2k4p   09:00:20Z   -      -      4          CrashLoopBackOff
			"
		`)
	})

	it("shows a commit's changes, what was refused, and its rollouts", () => {
		const detail = {
			commit: { ...record, committer: { name: "GitHub", email: "noreply@example.com" } },
			at: START,
			verdict: "applied" as const,
			changes: [
				{ key: "/Namespace//logging", action: "create" as const, fields: [], path: "platform/namespaces.yaml" },
				{
					key: FLUENTD,
					action: "update" as const,
					fields: [{ path: "spec.minReadySeconds", after: 5 }],
					path: "a.yaml",
				},
			],
			findings: [],
			refused: [{ key: "/ConfigMap/logging/x", path: "b.yaml", line: 3, message: "data: Invalid value" }],
			rollouts: [rollout()],
		}
		expect(showCommit(detail, { now: NOW, paint: plain })).toMatchInlineSnapshot(`
			"Commit:     4f2c1e9a77b0c1d2e3f4a5b6c7d8e9f00112233a
			Subject:    logging: fluentd 1.17.1
			Author:     Priya Nair <priya@example.com>
			Committer:  GitHub <noreply@example.com>
			Committed:  2026-03-02 09:00:00Z
			Verdict:    applied
			Applied:    2026-03-02 09:00:00Z

			Changes:
			  + namespace logging  platform/namespaces.yaml
			  ~ daemonset.apps logging/fluentd  a.yaml
			      + spec.minReadySeconds: 5

			Refused:
			  logging/x  b.yaml:3: data: Invalid value

			Rollouts:
			ROLLOUT   DAEMONSET         REVISION   COMMIT     AUTHOR       AGE   NODES   TOOK    VERDICT    IMAGES                    CHANGE-CAUSE
			2         logging/fluentd   2          4f2c1e9a   Priya Nair   60m   63/63   4m10s   complete   fluentd 1.16.5 → 1.17.1   compressed logs
			"
		`)
	})
})

describe("trace", () => {
	const pod: KubeObject = {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name: "fluentd-x2k4p",
			namespace: "logging",
			creationTimestamp: "2026-03-02T09:00:02Z",
			labels: { "controller-revision-hash": "5bc545859f" },
			ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "fluentd", uid: "u", controller: true }],
		},
		spec: { nodeName: "general-0", containers: [{ name: "fluentd", image: "fluentd:1.16.5" }] },
		status: { phase: "Running" },
	}

	it("tells an old revision from the current one", () => {
		const rows = traceNode(
			clusterReader([pod], NOW),
			() => [rollout(), rollout({ rollout: 1, to: { revision: 1, hash: "5bc545859f", images: [] } })],
			"general-0",
		)
		expect(rows).toMatchObject([{ daemonSet: FLUENTD, revision: 1, rollout: 1, current: false, since: START + 2_000 }])
	})

	it("[H3] names the rollout that brought the pod, not a later one to the same revision", () => {
		const to = { revision: 1, hash: "5bc545859f", images: [] }
		const rollouts = [
			rollout({ rollout: 3, startedAt: START + 60_000, to }),
			rollout({ rollout: 1, startedAt: START, to }),
		]
		expect(traceNode(clusterReader([pod], NOW), () => rollouts, "general-0")).toMatchObject([
			{ rollout: 1, current: true },
		])
	})

	it("knows nothing of rollouts that had not begun then", () => {
		const later = rollout({ rollout: 9, startedAt: NOW + 1 })
		const first = rollout({ rollout: 1, startedAt: START, to: { revision: 1, hash: "5bc545859f", images: [] } })
		expect(traceNode(clusterReader([pod], NOW), () => [later, first], "general-0")).toMatchObject([{ current: true }])
	})
})

describe("imageChange", () => {
	it.each([
		[undefined, ["r.example.com/a/fluentd:1.16"], "fluentd:1.16"],
		[["r/fluentd:1.16"], ["r/fluentd:1.17"], "fluentd 1.16 → 1.17"],
		[["r:5000/fluentd"], ["r:5000/fluentd:2"], "fluentd latest → 2"],
		[["a:1", "b:1"], ["a:1", "b:2"], "b 1 → 2"],
		[["fluentd:1"], ["vector:1"], "vector:1, −fluentd:1"],
		[["a:1"], ["a:1"], ""],
	])("from %j to %j is %j", (from, to, want) => {
		expect(imageChange(from, to)).toBe(want)
	})
})
