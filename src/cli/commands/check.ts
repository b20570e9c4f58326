import { Command } from "commander"
import { CliError } from "../failure.ts"
import type { SharedFlags } from "../flags.ts"
import type { Shell } from "../shell.ts"

type Flags = SharedFlags & { readonly strict?: boolean; readonly plain?: boolean }

// 1 is for manifests with errors; that it could not look is another thing.
const COULD_NOT_CHECK = 2

const EXAMPLES = `
Examples:
  rollcall check                               the manifests below this folder
  rollcall check clusters/prod base/agent.yaml
  kustomize build prod | rollcall check -      one text, from standard input
  rollcall check --strict -o sarif > findings.sarif

Exit code: 0 no errors, 1 errors (with --strict: or warnings), 2 could not check.`

export function checkCommand(shell: Shell): Command {
	return new Command("check")
		.description("what is wrong with manifests, with file, line and column")
		.argument("[path...]", "files and folders; - is standard input (default: this folder)")
		.option("--strict", "warnings count as errors, and an object may stand in one place only")
		.option("--plain", "read the files of kustomizations as they stand")
		.option("-o, --output <format>", "text, json, yaml or sarif")
		.addHelpText("after", EXAMPLES)
		.action(async (paths: readonly string[], _, self: Command) => {
			shell.exitCode = await check(shell, paths.length > 0 ? paths : ["."], self.optsWithGlobals<Flags>())
		})
}

async function check(shell: Shell, paths: readonly string[], flags: Flags): Promise<number> {
	const format = flags.output ?? "text"
	if (!["text", "json", "yaml", "sarif"].includes(format)) {
		throw new CliError(`Cannot print as "${format}"`, {
			next: "use -o text, json, yaml or sarif",
			exitCode: COULD_NOT_CHECK,
		})
	}
	const [{ readInputs }, { checkFiles }, report] = await Promise.all([
		import("../check/read-inputs.ts"),
		import("../../manifest/index.ts"),
		import("../report/findings.ts"),
	])
	const files = await readInputs(paths, shell).catch((error) => {
		throw new CliError(error instanceof Error ? error.message : String(error), {
			next: "name files or folders that exist, or - for standard input",
			exitCode: COULD_NOT_CHECK,
			cause: error,
		})
	})
	const { findings, objects } = checkFiles(files, {
		strict: flags.strict === true,
		plain: flags.plain === true,
		// Nothing is stored, so any key will do: no value of a Secret is printed.
		secretKey: "check",
	})
	if (format === "text") {
		shell.terminal.out(report.findingsText(findings, shell.terminal.paint))
		shell.terminal.err(report.findingsSummary(findings, files.length, objects))
	} else {
		const { formatDocument } = await import("../output/document.ts")
		const document =
			format === "sarif"
				? (await import("../report/sarif.ts")).sarif(findings, shell.version)
				: report.findingsJson(findings, files.length, objects)
		shell.terminal.out(formatDocument(document, format === "yaml" ? "yaml" : "json"))
	}
	const { error, warning } = report.countFindings(findings)
	return error > 0 || (flags.strict && warning > 0) ? 1 : 0
}
