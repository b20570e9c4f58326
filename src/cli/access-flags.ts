import type { Command } from "commander"
import type { SourceFlags } from "./world.ts"

/** How a repository is got at that is not simply here, as commander hands it over. */
export type AccessFlags = {
	readonly allowLocal?: boolean
	readonly allowLoopback?: boolean
	readonly tokenFile?: string
	readonly sshKey?: string
	readonly knownHosts?: string
	readonly caFile?: string
}

export function accessFlags(command: Command): Command {
	return command
		.option("--token-file <file>", "a file with the token for an https URL")
		.option("--ssh-key <file>", "the private key for an ssh URL (default: ssh-agent)")
		.option("--known-hosts <file>", "the known hosts for an ssh URL")
		.option("--ca-file <file>", "the certificate authority of an https URL")
		.option("--allow-local", "also file:// URLs, and repositories that belong to another user")
		.option("--allow-loopback", "also servers on this machine")
}

export function accessOptions(flags: AccessFlags): Pick<SourceFlags, "allowLocal" | "allowLoopback" | "credentials"> {
	const { tokenFile, sshKey, knownHosts, caFile } = flags
	return {
		allowLocal: flags.allowLocal === true,
		allowLoopback: flags.allowLoopback === true,
		credentials: {
			...(tokenFile === undefined ? {} : { tokenFile }),
			...(sshKey === undefined ? {} : { sshKey }),
			...(knownHosts === undefined ? {} : { knownHosts }),
			...(caFile === undefined ? {} : { caFile }),
		},
	}
}
