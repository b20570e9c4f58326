import { resolve } from "node:path"
import { Command } from "commander"
import type { JsonObject } from "../../base/index.ts"
import { CliError } from "../failure.ts"
import { repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import type { Shell } from "../shell.ts"
import type { LedgerRecord } from "../world.ts"

const EXAMPLES = `
Examples:
  rollcall ledger export > history.jsonl      every entry, a line each; equal runs give equal bytes
  rollcall ledger export --format csv         for a spreadsheet
  rollcall ledger import history.jsonl --state DIR    the same chain, in a directory of its own
  rollcall ledger head                        number and hash of the newest entry: note it elsewhere
  rollcall ledger verify                      is any entry changed, missing or out of order?
  rollcall ledger verify --head HASH          was anything cut off since that hash was noted?
  rollcall ledger prune --before 2026-01-01T00:00:00Z --dry-run`

const HEAD = "a head that was noted earlier: it must be in the chain"

export function ledgerCommand(shell: Shell): Command {
	return new Command("ledger")
		.description("the record itself: exported, imported, verified by its chain of hashes, pruned")
		.addCommand(exportCommand(shell))
		.addCommand(importCommand(shell))
		.addCommand(headCommand(shell))
		.addCommand(verifyCommand(shell))
		.addCommand(pruneCommand(shell))
		.addHelpText("after", EXAMPLES)
}

function exportCommand(shell: Shell): Command {
	const command = new Command("export")
		.description("every entry, a line each; wall time is left out")
		.option("--format <format>", "jsonl: canonical JSON, to be imported again; csv: for a spreadsheet", "jsonl")
	return repositoryFlag(command).action(async (_, self: Command) => {
		const flags = self.optsWithGlobals<SharedFlags & { readonly format: string }>()
		const { format } = flags
		if (format !== "jsonl" && format !== "csv")
			throw new CliError(`Cannot export as "${format}"`, { next: "use --format jsonl or csv" })
		const { csvLines } = await import("../ledger/csv.ts")
		await withRecord(shell, flags, (record) => {
			const [lines, end] = format === "csv" ? [csvLines(record.ledger), "\r\n"] : [record.export(), "\n"]
			for (const line of lines) shell.terminal.out(`${line}${end}`)
		})
	})
}

function importCommand(shell: Shell): Command {
	const command = new Command("import")
		.description("an export, into a state directory without a history; refused where any line was changed")
		.argument("<file>", "what rollcall ledger export wrote; - for standard input")
		.option("--head <hash>", HEAD, headHash)
	return repositoryFlag(command).action(async (file: string, _, self: Command) => {
		const flags = self.optsWithGlobals<SharedFlags & { readonly head?: string }>()
		const { importLedger } = await shell.world()
		const path = file === "-" ? file : resolve(shell.cwd, file)
		const { number, hash } = await importLedger(stateDirOf(flags, shell), path, flags.head)
		shell.terminal.out(`imported: head ${number} ${hash}\n`)
	})
}

function headCommand(shell: Shell): Command {
	const command = documentFlag(new Command("head").description("number and hash of the newest entry"))
	return repositoryFlag(command).action(async (_, self: Command) => {
		const flags = self.optsWithGlobals<SharedFlags>()
		const print = await printer(shell, flags)
		await withRecord(shell, flags, (record) => {
			const { number, hash } = record.head()
			print("LedgerHead", { number, hash }, `${number} ${hash}`)
		})
	})
}

function verifyCommand(shell: Shell): Command {
	const command = new Command("verify")
		.description("walks the chain and names the first entry that is not as it was written; exit 0 sound, 1 not")
		.option("--head <hash>", HEAD, headHash)
	return repositoryFlag(documentFlag(command)).action(async (_, self: Command) => {
		const flags = self.optsWithGlobals<SharedFlags & { readonly head?: string }>()
		const print = await printer(shell, flags)
		shell.exitCode = await withRecord(shell, flags, (record) => {
			const found = record.verify(flags.head)
			if (found.sound) {
				const { entries, head } = found
				print("LedgerVerification", found, `sound: ${entries} entries, head ${head.number} ${head.hash}`)
				return 0
			}
			if (flags.output !== undefined) print("LedgerVerification", found, "")
			shell.terminal.err(`not sound: entry ${found.number} ${found.problem}`)
			return 1
		})
	})
}

function pruneCommand(shell: Shell): Command {
	const command = new Command("prune")
		.description("removes what was recorded before a moment, for good; what was removed is itself recorded")
		.requiredOption("--before <when>", "a time (RFC 3339), so long ago (90d), or a commit that was taken then")
		.option("--dry-run", "say what would go")
	return repositoryFlag(command).action(async (_, self: Command) => {
		const flags = self.optsWithGlobals<SharedFlags & { readonly before: string; readonly dryRun?: boolean }>()
		const { prune } = await shell.world()
		const gone = await prune(stateDirOf(flags, shell), flags.before, flags.dryRun === true)
		if (gone === undefined) return shell.terminal.out(`nothing is recorded before ${flags.before}\n`)
		const { count, last } = gone
		const what = `${count} ${count === 1 ? "entry" : "entries"}, up to ${last.number} ${last.hash}`
		shell.terminal.out(flags.dryRun ? `would prune ${what} (dry run)\n` : `pruned ${what}\n`)
	})
}

/** A hash, or the whole line of `ledger head`. Part of one proves nothing. */
function headHash(text: string): string {
	const [, hash] = /^(?:\d+ +)?([0-9a-f]{64})$/.exec(text.trim()) ?? []
	if (hash !== undefined) return hash
	throw new CliError(`Cannot read --head "${text}"`, {
		next: "give the whole hash, 64 digits, as rollcall ledger head printed it",
	})
}

function documentFlag(command: Command): Command {
	return command.option("-o, --output <format>", "json or yaml")
}

/** Prints a line of text, or what it says as a document. */
async function printer(shell: Shell, { output: format }: SharedFlags) {
	if (format !== undefined && format !== "json" && format !== "yaml")
		throw new CliError(`Cannot print as "${format}"`, { next: "use -o json or yaml" })
	const { formatDocument, record } = await import("../output/document.ts")
	return (kind: string, members: JsonObject, line: string): void => {
		shell.terminal.out(format === undefined ? `${line}\n` : formatDocument(record(kind, members), format))
	}
}

async function withRecord<T>(shell: Shell, flags: SharedFlags, use: (record: LedgerRecord) => T): Promise<T> {
	const { openRecord } = await shell.world()
	const record = await openRecord(stateDirOf(flags, shell))
	try {
		return use(record)
	} finally {
		record.close()
	}
}
