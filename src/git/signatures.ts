import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { sha256 } from "../base/index.ts"
import type { Signature, SignatureState } from "../history/index.ts"
import { gitEnvironment } from "./environment.ts"
import { failure, lastWords } from "./failure.ts"
import type { Objects } from "./objects.ts"
import { runGit, runProgram } from "./run.ts"

/** Whose signatures count: absolute paths to what the user keeps outside the repository. */
export type Trust = {
	/** As `ssh-keygen` reads it: principals and public keys. */
	readonly allowedSigners?: string
	/** OpenPGP public keys, as `gpg --export` writes them, armored or not. */
	readonly keyring?: string
}

/** git's own letters for what it found. */
const STATES: ReadonlyMap<string, SignatureState> = new Map([
	["G", "good"],
	["N", "none"],
	["B", "bad"],
	["U", "unknown-key"],
	["E", "unknown-key"],
	["X", "expired"],
	["Y", "expired-key"],
	["R", "revoked-key"],
])

/**
 * Every setting that has a say in the verdict: none is left to the repository's configuration, which could name a
 * program of its own, or keys.
 */
const CONFIG: readonly (readonly [string, string])[] = [
	["gpg.program", "gpg"],
	["gpg.openpgp.program", "gpg"],
	["gpg.ssh.program", "ssh-keygen"],
	["gpg.x509.program", "false"],
	["gpg.minTrustLevel", "fully"],
	["gpg.ssh.revocationFile", "/dev/null"],
]

/** Every key of the ring counts, and no other: nothing is fetched, and no agent or window comes up. */
const GPG_CONF = "trust-model always\nno-auto-key-retrieve\nno-auto-key-locate\nno-autostart\nbatch\nno-tty\n"
/** What the repository's configuration could add to a log. */
const PLAIN = ["--no-patch", "--no-notes", "--no-decorate", "--no-color", "--no-mailmap", "--encoding=UTF-8"]
const LIMIT_MS = 120_000

/** A hash over what the trust rests on. Fails as `refused` where a file cannot be read. */
export async function trustDigest({ allowedSigners, keyring }: Trust): Promise<string> {
	const texts = await Promise.all([allowedSigners, keyring].map((path) => (path === undefined ? "" : read(path))))
	return sha256(JSON.stringify(texts.map((text) => text.toString("base64"))))
}

/** Verifies commits by git's own means, with keys of the user's alone. */
export class Signatures {
	readonly #trust: Trust
	#home: Promise<string> | undefined

	constructor(trust: Trust) {
		this.#trust = trust
	}

	/** In the order of the commits. */
	async of(commits: readonly string[], gitDir: string, objects: Objects): Promise<readonly Signature[]> {
		this.#home ??= keyringHome(this.#trust.keyring)
		const GNUPGHOME = await this.#home
		const { allowedSigners = "/dev/null" } = this.#trust
		const environment = gitEnvironment({
			protocols: "none",
			gitDir,
			config: [...CONFIG, ["gpg.ssh.allowedSignersFile", allowedSigners]],
			variables: { GNUPGHOME },
		})
		const format = "--format=%H%x00%G?%x00%GS%x00%GF%x00%GK"
		// Not rev-list, which looks at no setting of signatures.
		const args = ["log", "--no-walk=unsorted", ...PLAIN, format, "--stdin"]
		const ran = await runGit(args, { environment, input: `${commits.join("\n")}\n`, limitMs: LIMIT_MS })
		const found = new Map(ran.stdout.toString("utf8").split("\n").map(parsed))
		return Promise.all(commits.map((commit) => known(found.get(commit), commit, objects, ran.stderr)))
	}

	async close(): Promise<void> {
		const home = await this.#home?.catch(() => undefined)
		if (home !== undefined) await rm(home, { recursive: true, force: true })
	}
}

function parsed(line: string): readonly [string, Signature] {
	const [commit = "", letter = "", signer = "", fingerprint = "", key = ""] = line.split("\0")
	const id = fingerprint || key
	const state = STATES.get(letter) ?? "unreadable"
	return [commit, { state, ...(signer === "" ? {} : { signer }), ...(id === "" ? {} : { key: id }) }]
}

/** What git calls unsigned may be a signature that it could not even begin to check. */
async function known(
	found: Signature | undefined,
	commit: string,
	objects: Objects,
	stderr: string,
): Promise<Signature> {
	if (found === undefined)
		throw failure("corrupt", `Cannot verify commit ${commit}: ${lastWords(stderr)}`, "run git fsck there")
	if (found.state !== "none") return found
	const [object] = await objects.contents([commit])
	const head = object?.bytes.toString("latin1").split("\n\n", 1)[0] ?? ""
	return /^gpgsig(-sha256)? /m.test(head) ? { state: "unreadable" } : found
}

/** A home for gpg that holds these keys and nothing else; empty without a ring. */
async function keyringHome(keyring: string | undefined): Promise<string> {
	const home = await mkdtemp(join(tmpdir(), "rollcall-keys-"))
	await chmod(home, 0o700)
	await writeFile(join(home, "gpg.conf"), GPG_CONF)
	if (keyring === undefined) return home
	const input = await read(keyring)
	const environment = { ...gitEnvironment({ protocols: "none" }), GNUPGHOME: home }
	const ran = await runProgram("gpg", ["--import"], { environment, input, limitMs: LIMIT_MS })
	if (ran.code === 0) return home
	await rm(home, { recursive: true, force: true })
	const next = "give a file that gpg --export wrote"
	throw failure("refused", `Cannot read the keys in ${keyring}: ${lastWords(ran.stderr)}`, next)
}

async function read(path: string): Promise<Buffer> {
	try {
		return await readFile(path)
	} catch (problem) {
		const code = (problem as { code?: string }).code ?? String(problem)
		throw failure("refused", `Cannot read the keys in ${path}: ${code}`, "check the path, and who may read it")
	}
}
