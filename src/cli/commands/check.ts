import { resolve } from "node:path"
import { Command } from "commander"
import type { Finding, ObjectKey } from "../../kube/index.ts"
import type { Described } from "../../plan/index.ts"
import { CliError } from "../failure.ts"
import type { SharedFlags } from "../flags.ts"
import type { Shell } from "../shell.ts"

type Flags = SharedFlags & { readonly strict?: boolean; readonly plain?: boolean; readonly fleet?: string }

// 1 is for manifests with errors; that it could not look is another thing.
const COULD_NOT_CHECK = 2

const EXAMPLES = `
Examples:
  rollcall check                               the manifests below this folder
  rollcall check clusters/prod base/agent.yaml
  kustomize build prod | rollcall check -      one text, from standard input
  rollcall check agents --fleet nodes.yaml     and whether they fit
  rollcall check --strict -o sarif > findings.sarif

Exit code: 0 no errors, 1 errors (with --strict: or warnings), 2 could not check.`

export function checkCommand(shell: Shell): Command {
	return new Command("check")
		.description("what is wrong with manifests, with file, line and column")
		.argument("[path...]", "files and folders; - is standard input (default: this folder)")
		.option("--strict", "warnings count as errors, and an object may stand in one place only")
		.option("--plain", "read the files of kustomizations as they stand")
		.option("--fleet <file>", "and how they fit these nodes: NodePools, or what kubectl get nodes -o yaml printed")
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
	const files = await readInputs(paths, shell).catch(couldNotCheck)
	const {
		findings: wrong,
		objects,
		described,
	} = checkFiles(files, {
		strict: flags.strict === true,
		plain: flags.plain === true,
		// Nothing is stored, so any key will do: no value of a Secret is printed.
		secretKey: "check",
	})
	const findings = [...wrong, ...(flags.fleet === undefined ? [] : await unwise(shell, flags.fleet, described))]
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

/** What is unwise about the objects on the nodes of a file. */
async function unwise(
	shell: Shell,
	fleet: string,
	described: ReadonlyMap<ObjectKey, Described>,
): Promise<readonly Finding[]> {
	const [world, { lintObjects }] = await Promise.all([shell.world(), import("../../rehearse/index.ts")])
	const { objects } = await world.readFleet(resolve(shell.cwd, fleet)).catch(couldNotCheck)
	return lintObjects(described, objects)
}

function couldNotCheck(cause: unknown): never {
	throw new CliError(cause instanceof Error ? cause.message : String(cause), {
		next: "name files or folders that exist, or - for standard input",
		exitCode: COULD_NOT_CHECK,
		cause,
	})
}
