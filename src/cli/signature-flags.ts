import { resolve } from "node:path"
import { type Command, Option } from "commander"
import { CliError } from "./failure.ts"
import type { Shell } from "./shell.ts"
import type { RunOptions } from "./world.ts"

/** The flags of what applies commits, as commander hands them over. */
export type SignatureCommandFlags = {
	readonly verify: "none" | "head" | "every"
	readonly allowedSigners?: string
	readonly keyring?: string
}

export function signatureFlags(command: Command): Command {
	return command
		.addOption(
			new Option("--verify <mode>", "signatures: of the newest commit alone (head), of every one, or of none")
				.choices(["none", "head", "every"])
				.default("none"),
		)
		.option("--allowed-signers <file>", "whose SSH signatures count, in ssh-keygen's format")
		.option("--keyring <file>", "whose OpenPGP signatures count: what gpg --export wrote")
}

/** What the flags mean here. Throws a CliError where modes and keys do not go together. */
export function signatureOptions(shell: Shell, flags: SignatureCommandFlags): Pick<RunOptions, "signatures"> {
	const { verify: mode, allowedSigners, keyring } = flags
	const hasKeys = allowedSigners !== undefined || keyring !== undefined
	if (mode === "none") {
		if (!hasKeys) return {}
		throw new CliError("Cannot use keys without --verify", { next: "add --verify head, or --verify every" })
	}
	if (!hasKeys) {
		const next = "name them with --allowed-signers FILE (SSH), --keyring FILE (OpenPGP), or both"
		throw new CliError(`Cannot verify commits (--verify ${mode}): no keys are named`, { next })
	}
	return {
		signatures: {
			mode,
			...(allowedSigners === undefined ? {} : { allowedSigners: resolve(shell.cwd, allowedSigners) }),
			...(keyring === undefined ? {} : { keyring: resolve(shell.cwd, keyring) }),
		},
	}
}
