import { Command } from "commander"
import { repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import type { Shell } from "../shell.ts"

const EXAMPLES = `
Examples:
  rollcall ledger export > history.jsonl      every entry, a line each; equal runs give equal bytes
  rollcall ledger head                        number and hash of the newest entry: note it elsewhere
  rollcall ledger verify                      is any entry changed, missing or out of order?
  rollcall ledger verify --head HASH          was anything cut off since that hash was noted?`

export function ledgerCommand(shell: Shell): Command {
	const command = new Command("ledger").description("the record itself: exported, or verified by its chain of hashes")
	const exported = new Command("export").description(
		"every entry as canonical JSON, a line each; wall time is left out",
	)
	const head = new Command("head").description("number and hash of the newest entry")
	const verify = new Command("verify")
		.description("walks the chain and names the first entry that is not as it was written; exit 0 sound, 1 not")
		.option("--head <hash>", "a head that was noted earlier: it must still be in the chain")
	repositoryFlag(exported).action(async (_, self: Command) => exportAll(shell, self.optsWithGlobals()))
	repositoryFlag(head).action(async (_, self: Command) => printHead(shell, self.optsWithGlobals()))
	repositoryFlag(verify).action(async (_, self: Command) => {
		shell.exitCode = await verifyAll(shell, self.optsWithGlobals())
	})
	return command.addCommand(exported).addCommand(head).addCommand(verify).addHelpText("after", EXAMPLES)
}

async function exportAll(shell: Shell, flags: SharedFlags): Promise<void> {
	const { openRecord } = await shell.world()
	const record = await openRecord(stateDirOf(flags, shell))
	try {
		for (const line of record.export()) shell.terminal.out(`${line}\n`)
	} finally {
		record.close()
	}
}

async function printHead(shell: Shell, flags: SharedFlags): Promise<void> {
	const { openRecord } = await shell.world()
	const record = await openRecord(stateDirOf(flags, shell))
	try {
		const { number, hash } = record.head()
		shell.terminal.out(`${number} ${hash}\n`)
	} finally {
		record.close()
	}
}

async function verifyAll(shell: Shell, flags: SharedFlags & { readonly head?: string }): Promise<number> {
	const { openRecord } = await shell.world()
	const record = await openRecord(stateDirOf(flags, shell))
	try {
		const found = record.verify(flags.head)
		if (found.sound) {
			shell.terminal.out(`sound: ${found.entries} entries, head ${found.head.number} ${found.head.hash}\n`)
			return 0
		}
		shell.terminal.err(`not sound: entry ${found.number}: ${found.problem}`)
		return 1
	} finally {
		record.close()
	}
}
