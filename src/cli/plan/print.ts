import type { Finding } from "../../kube/index.ts"
import type { Broken, Gate } from "../../rehearse/index.ts"
import { CliError } from "../failure.ts"
import type { Shell } from "../shell.ts"
import type { PlanResult } from "../world.ts"

export type Judged = {
	readonly result: PlanResult
	readonly gates: readonly Gate[]
	readonly broken: readonly Broken[]
}

type Print = (judged: Judged, shell: Shell, nodes: boolean) => Promise<string>

/** Each format is loaded when it is asked for. */
const PRINTS = {
	text: async (judged, { terminal: { paint } }, nodes) =>
		(await import("./text.ts")).planText({ ...judged, paint, nodes }),
	json: (judged) => document(judged, "json"),
	yaml: (judged) => document(judged, "yaml"),
	markdown: async ({ result, broken }) => (await import("./markdown.ts")).planMarkdown(result, broken),
	html: async ({ result, broken }) => (await import("./html.ts")).planHtml(result, broken),
	junit: async ({ result, gates, broken }) => (await import("./junit.ts")).planJunit(result, gates, broken),
	sarif: async (judged, { version }) => {
		const [{ sarif }, { formatDocument }] = await Promise.all([
			import("../report/sarif.ts"),
			import("../output/document.ts"),
		])
		return formatDocument(sarif(asFindings(judged), version), "json")
	},
} satisfies Readonly<Record<string, Print>>

export type PlanFormat = keyof typeof PRINTS

/** `-o` as a format of plans. Throws a CliError naming what there is. */
export function planFormat(output = "text"): PlanFormat {
	if (Object.hasOwn(PRINTS, output)) return output as PlanFormat
	throw new CliError(`Cannot print as "${output}"`, { next: `use -o ${Object.keys(PRINTS).join(", ")}` })
}

export async function printPlan(format: PlanFormat, judged: Judged, shell: Shell, nodes: boolean): Promise<void> {
	const print: Print = PRINTS[format]
	shell.terminal.out(await print(judged, shell, nodes))
}

async function document({ result, broken }: Judged, format: "json" | "yaml"): Promise<string> {
	const [{ planJson }, { formatDocument }] = await Promise.all([import("./json.ts"), import("../output/document.ts")])
	return formatDocument(planJson(result, broken), format)
}

/** Gates that fail are findings as well: where the object stands that failed them. */
function asFindings({ result: { planned }, broken }: Judged): Finding[] {
	const failed = broken.map(({ message, taken }): Finding => {
		const change = planned.changes.find(({ key }) => key === taken.daemonSet) ?? planned.changes[0]
		const { path: file = "", line = 0 } = change ?? {}
		return { code: "gate-failed", severity: "error", message, file, line, column: line > 0 ? 1 : 0 }
	})
	return [...failed, ...planned.findings]
}
