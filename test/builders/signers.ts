import { execFileSync } from "node:child_process"
import { chmodSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryDirectory } from "./temporary-directory.ts"

export const hasSshKeygen = canRun("ssh-keygen", ["-Y", "sign", "-?"])
export const hasGpg = canRun("gpg", ["--version"])

/** How a commit is signed: settings of git, and what stands around it. */
export type Signer = {
	readonly config: readonly string[]
	readonly env: Readonly<Record<string, string>>
	/** What tells that the key is this person's: a line of allowed signers, or the public key. */
	readonly trust: string
}

/** A fresh SSH key. `options` stand before the key in the line of allowed signers: `valid-before="…"`. */
export function sshSigner(principal: string, options = ""): Signer {
	const path = join(temporaryDirectory(), "key")
	execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", principal, "-f", path])
	return {
		config: ["-c", "gpg.format=ssh", "-c", `user.signingKey=${path}`, "-c", "commit.gpgSign=true"],
		env: {},
		trust: `${principal} ${options} ${readFileSync(`${path}.pub`, "utf8")}`,
	}
}

/** A fresh OpenPGP key, in a home of its own. */
export function gpgSigner(name: string, email: string): Signer {
	const home = temporaryDirectory()
	chmodSync(home, 0o700)
	const env = { GNUPGHOME: home }
	const gpg = (...words: readonly string[]): string =>
		execFileSync("gpg", ["--batch", "--passphrase", "", "--pinentry-mode", "loopback", ...words], {
			env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...env },
			encoding: "utf8",
			stdio: ["ignore", "pipe", "pipe"],
		})
	gpg("--quick-gen-key", `${name} <${email}>`, "ed25519", "sign", "never")
	return {
		config: ["-c", "gpg.format=openpgp", "-c", `user.signingKey=${email}`, "-c", "commit.gpgSign=true"],
		env,
		trust: gpg("--armor", "--export", email),
	}
}

/** A file with what is to be trusted. */
export function trustFile(...signers: readonly Signer[]): string {
	const path = join(temporaryDirectory(), "trust")
	writeFileSync(path, signers.map(({ trust }) => trust).join(""))
	return path
}

function canRun(program: string, words: readonly string[]): boolean {
	try {
		execFileSync(program, words, { stdio: "ignore" })
		return true
	} catch (failure) {
		return (failure as { code?: string }).code !== "ENOENT"
	}
}
