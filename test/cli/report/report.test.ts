import { describe, expect, it } from "vitest"
import { plain } from "../../../src/cli/output/paint.ts"
import { diffJson, diffSummary, diffText } from "../../../src/cli/report/diff.ts"
import { findingsJson, findingsSummary, findingsText } from "../../../src/cli/report/findings.ts"
import { sarif } from "../../../src/cli/report/sarif.ts"
import type { Finding } from "../../../src/kube/index.ts"
import type { Change } from "../../../src/plan/index.ts"

const changes: readonly Change[] = [
	{ key: "/Namespace//storage", action: "create", fields: [], path: "platform/namespaces.yaml", line: 15 },
	{
		key: "apps/DaemonSet/logging/fluentd",
		action: "update",
		path: "agents/fluentd.yaml",
		line: 12,
		fields: [
			{ path: "spec.template.spec.containers[name=fluentd].image", before: "fluentd:1.16", after: "fluentd:1.17" },
			{ path: "spec.template.spec.priorityClassName", after: "node-agent" },
			{ path: "metadata.annotations[note]", before: "\u001b[2Jx" },
			{
				path: "spec.template.spec.tolerations",
				before: [{ operator: "Exists" }],
				after: [{ key: "dedicated", value: "storage", effect: "NoSchedule" }],
			},
		],
	},
	{ key: "apps/DaemonSet/security/kube-bench", action: "delete", fields: [] },
]

describe("diff", () => {
	it("shows objects by name and fields before and after", () => {
		expect(diffText(changes, plain)).toMatchInlineSnapshot(`
			"+ namespace storage  platform/namespaces.yaml:15
			~ daemonset.apps logging/fluentd  agents/fluentd.yaml:12
			    ~ spec.template.spec.containers[name=fluentd].image: fluentd:1.16 → fluentd:1.17
			    + spec.template.spec.priorityClassName: node-agent
			    - metadata.annotations[note]: "\\u001b[2Jx"
			    ~ spec.template.spec.tolerations:
			        - [{"operator":"Exists"}]
			        + [{"key":"dedicated","value":"storage","effect":"NoSchedule"}]
			- daemonset.apps security/kube-bench
			"
		`)
		expect(diffSummary(changes)).toBe("1 created, 1 changed, 1 deleted")
	})

	it("shows the lines that differ where a field holds a text", () => {
		const before = "one\ntwo\nthree\nfour\nfive\nsix\n"
		const fields = [{ path: "data[fluent.conf]", before, after: before.replace("five", "5\u001b[2J") }]
		expect(diffText([{ key: "/ConfigMap/logging/fluentd", action: "update", fields }], plain)).toBe(
			"~ configmap logging/fluentd\n    ~ data[fluent.conf]:\n         three\n         four\n        -five\n        +5\n         six\n",
		)
	})

	it("shows the lines that differ of a script in a list", () => {
		const command = (line: string) => ["sh", "-c", `set -e\n${line}\nexit\n`]
		const fields = [{ path: "command", before: command("rmmod a"), after: command("/sbin/rmmod a") }]
		expect(diffText([{ key: "/Pod/logging/fluentd", action: "update", fields }], plain)).toBe(
			"~ pod logging/fluentd\n    ~ command[2]:\n         set -e\n        -rmmod a\n        +/sbin/rmmod a\n         exit\n",
		)
	})

	it("keeps every value in JSON", () => {
		expect(diffJson(changes, { from: "live", to: "main" })).toMatchObject({
			kind: "ChangeList",
			metadata: { from: "live", to: "main" },
			items: [
				{ action: "create" },
				{ fields: [{ before: "fluentd:1.16", after: "fluentd:1.17" }, {}, {}, {}] },
				{ action: "delete" },
			],
		})
	})
})

const findings: readonly Finding[] = [
	{
		code: "unknown-field",
		severity: "error",
		message: 'unknown field "spec.updateStrateg"; did you mean "updateStrategy"',
		file: "agents/a b.yaml",
		line: 12,
		column: 3,
		object: "apps/DaemonSet/logging/fluentd",
		field: "spec.updateStrateg",
	},
	{
		code: "namespace-made",
		severity: "info",
		message: "namespace logging is made",
		file: "agents/a b.yaml",
		line: 0,
		column: 0,
	},
]

describe("findings", () => {
	it("are one line each, in the form that editors jump to", () => {
		expect(findingsText(findings, plain)).toMatchInlineSnapshot(`
			"agents/a b.yaml:12:3: error: unknown field "spec.updateStrateg"; did you mean "updateStrategy" (DaemonSet logging/fluentd) [unknown-field]
			agents/a b.yaml: info: namespace logging is made [namespace-made]
			"
		`)
		expect(findingsSummary(findings, 1, 2)).toBe("1 file, 2 objects: 1 error, 1 note")
		expect(findingsSummary([], 3, 1)).toBe("3 files, 1 object: no findings")
		expect(findingsJson(findings, 1, 2)).toMatchObject({
			kind: "FindingList",
			metadata: { error: 1, warning: 0, info: 1 },
		})
	})

	it("are SARIF 2.1.0: rules, levels, and URIs that need no guessing", () => {
		expect(sarif(findings, "0.1.0")).toMatchObject({
			version: "2.1.0",
			runs: [
				{
					tool: { driver: { name: "rollcall", rules: [{ id: "namespace-made" }, { id: "unknown-field" }] } },
					results: [
						{
							ruleId: "unknown-field",
							ruleIndex: 1,
							level: "error",
							locations: [
								{
									physicalLocation: {
										artifactLocation: { uri: "agents/a%20b.yaml" },
										region: { startLine: 12, startColumn: 3 },
									},
									logicalLocations: [{ fullyQualifiedName: "apps/DaemonSet/logging/fluentd" }],
								},
							],
						},
						{ ruleId: "namespace-made", level: "note", locations: [{ physicalLocation: { artifactLocation: {} } }] },
					],
				},
			],
		})
	})
})
