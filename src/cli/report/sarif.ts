import { byCodeUnit, type JsonObject } from "../../base/index.ts"
import type { Finding } from "../../kube/index.ts"

const LEVELS = { error: "error", warning: "warning", info: "note" } as const

/** SARIF 2.1.0, as code scanning services read it. */
export function sarif(findings: readonly Finding[], version: string): JsonObject {
	const codes = [...new Set(findings.map((finding) => finding.code))].sort(byCodeUnit)
	return {
		$schema: "https://json.schemastore.org/sarif-2.1.0.json",
		version: "2.1.0",
		runs: [
			{
				tool: { driver: { name: "rollcall", version, rules: codes.map((id) => ({ id, name: id })) } },
				columnKind: "utf16CodeUnits",
				results: findings.map((finding) => ({
					ruleId: finding.code,
					ruleIndex: codes.indexOf(finding.code),
					level: LEVELS[finding.severity],
					message: { text: finding.message },
					locations: [location(finding)],
				})),
			},
		],
	}
}

function location(finding: Finding): JsonObject {
	const { file, line, column, object } = finding
	const region = line > 0 ? { region: { startLine: line, ...(column > 0 ? { startColumn: column } : {}) } } : {}
	return {
		physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...region },
		...(object === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: object }] }),
	}
}

/** A path as a relative URI: each part encoded, the slashes kept. */
function uriOf(file: string): string {
	// Lone surrogates have no URI form.
	return Buffer.from(file)
		.toString()
		.split("/")
		.map((part) => encodeURIComponent(part))
		.join("/")
}
