import { Command } from "commander"
import type { KubeObject } from "../../kube/index.ts"
import type { Shell } from "../shell.ts"

const EXAMPLES = `
Examples:
  kubectl get nodes,pods -A -o yaml > dump.yaml
  rollcall fleet import dump.yaml > fleet.yaml         one NodePool for each kind of node, with what its pods use
  kubectl get nodes -o json | rollcall fleet import -`

export function fleetCommand(shell: Shell): Command {
	const command = new Command("fleet").description("nodes for the simulated cluster").addHelpText("after", EXAMPLES)
	command
		.command("import")
		.description("turns a dump of a real cluster's nodes into NodePools, on standard output")
		.argument("<dump>", "what kubectl get nodes -o yaml (or -o json) printed; - is standard input")
		.addHelpText("after", EXAMPLES)
		.action(async (dump: string) => {
			shell.exitCode = await importDump(shell, dump)
		})
	return command
}

async function importDump(shell: Shell, dump: string): Promise<number> {
	const [{ createReadStream }, { resolve }, { importFleet, readDump }, { formatDocument, sortMembers }, report] =
		await Promise.all([
			import("node:fs"),
			import("node:path"),
			import("../../manifest/index.ts"),
			import("../output/document.ts"),
			import("../report/findings.ts"),
		])
	const chunks = dump === "-" ? once(await shell.stdin()) : createReadStream(resolve(shell.cwd, dump))
	const nodes: KubeObject[] = []
	const pods: KubeObject[] = []
	let errors = 0
	for await (const item of readDump(chunks, dump)) {
		if (item.kind === "finding") {
			if (item.finding.severity === "error") errors++
			shell.terminal.err(report.findingLine(item.finding, shell.terminal.errorPaint))
		} else (item.object.kind === "Pod" ? pods : nodes).push(item.object)
	}
	const pools = importFleet(
		nodes.filter((node) => node.kind === "Node"),
		pods,
	)
	const documents = [...nodes.filter((node) => node.kind !== "Node"), ...pools]
	shell.terminal.out(documents.map((pool) => formatDocument(sortMembers(pool), "yaml")).join("---\n"))
	shell.terminal.err(`${nodes.length} nodes and ${pods.length} pods read, ${pools.length} NodePools written`)
	return errors > 0 ? 1 : 0
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes
}
