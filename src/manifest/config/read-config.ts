import { isObject } from "../../base/index.ts"
import type { Finding } from "../../kube/index.ts"
import { DEFAULT_LIMITS } from "../limits.ts"
import { Locator } from "../locate.ts"
import { decodeText } from "../text.ts"
import { readYaml } from "../yaml-document.ts"
import { type DriftRules, driftSection } from "./drift.ts"
import { type Policy, policySection } from "./policy.ts"
import type { Report, Section } from "./section.ts"

/** At the root of a repository: what whoever follows it is to heed. It is read from the commit, as manifests are. */
export const CONFIG_PATH = ".rollcall.yaml"

/** What the file says; a section that is not there says nothing. */
export type RepositoryConfig = { readonly drift?: DriftRules; readonly policy?: Policy }

/** A section is a line here, and a file beside this one. */
const SECTIONS: { readonly [Name in keyof Required<RepositoryConfig>]: Section<Required<RepositoryConfig>[Name]> } = {
	drift: driftSection,
	policy: policySection,
}

const VERSION = 1

export type ReadConfig = {
	/** Undefined where something in it is wrong: what was said last still counts. */
	readonly config: RepositoryConfig | undefined
	readonly findings: readonly Finding[]
}

/** Reads the file's bytes. Never throws. `file`: its name for the findings. */
export function readConfig(bytes: Uint8Array, file: string = CONFIG_PATH): ReadConfig {
	const findings: Finding[] = []
	const wrong = (message: string, { line, column } = { line: 0, column: 0 }): ReadConfig => {
		findings.push({ code: "config", severity: "error", message, file, line, column })
		return { config: undefined, findings }
	}
	const decoded = decodeText(bytes)
	if (decoded.kind === "refused") return wrong(decoded.message, decoded.place)
	const read = readYaml(decoded.text, DEFAULT_LIMITS)
	if (read.kind === "error") return wrong(read.message, read.place)
	const locator = new Locator(decoded.text)
	const report: Report = (path, message, severity = "error") => {
		const place = locator.place(path)
		findings.push({ code: "config", severity, message: `${path} ${message}`, file, ...place, field: path })
	}
	for (const { key, second } of read.duplicates) return wrong(`the key "${key}" stands twice`, second)
	if (!isObject(read.value)) return wrong("it must be a map with a version", { line: 1, column: 1 })
	const { version, ...sections } = read.value
	if (version !== VERSION) report("version", `must be ${VERSION}`)
	const config: { [name: string]: unknown } = {}
	for (const [name, value] of Object.entries(sections)) {
		const section = Object.hasOwn(SECTIONS, name) ? SECTIONS[name as keyof RepositoryConfig] : undefined
		if (section === undefined) report(name, `is not known; there are ${Object.keys(SECTIONS).join(", ")}`, "warning")
		else config[name] = section(value, name, report)
	}
	if (findings.some(({ severity }) => severity === "error")) return { config: undefined, findings }
	return { config: config as RepositoryConfig, findings }
}
