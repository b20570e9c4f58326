import { readFile } from "node:fs/promises"
import type { Address } from "./address.ts"
import type { Reach } from "./environment.ts"
import { failure } from "./failure.ts"
import { Secret } from "./redact.ts"

/** Files, by name: what is in them is read at every fetch, so that a renewed token counts at once. */
export type Credentials = {
	/** A token, or `user:token`; sent to the URL's own origin alone. */
	readonly tokenFile?: string
	readonly sshKey?: string
	readonly knownHosts?: string
	readonly caFile?: string
}

/** A shorter one is a mistake, and could not be kept out of messages. */
const LEAST = 8
type Remote = Extract<Address, { kind: "remote" }>
const PROXY = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]

/** How git reaches this one remote. `pinned` are the addresses that its host was found to have. */
export async function reachOf(
	remote: Remote,
	credentials: Credentials,
	pinned: readonly string[],
): Promise<Pick<Reach, "protocols" | "config" | "variables"> & { readonly secrets: readonly Secret[] }> {
	const config: [string, string][] = []
	const secrets: Secret[] = []
	const variables: Record<string, string> = {}
	if (remote.scheme === "https" || remote.scheme === "http") {
		for (const name of PROXY) {
			const value = process.env[name]
			if (value !== undefined) variables[name] = value
		}
		if (pinned.length > 0 && pinned[0] !== remote.host) config.push(["http.curloptResolve", pin(remote, pinned)])
		if (credentials.caFile !== undefined)
			config.push([`http.${remote.origin}/.sslCAInfo`, await readable(credentials.caFile, "--ca-file")])
		if (credentials.tokenFile !== undefined) {
			const token = await readToken(credentials.tokenFile)
			const basic = Buffer.from(token.reveal()).toString("base64")
			config.push([`http.${remote.origin}/.extraHeader`, `Authorization: Basic ${basic}`])
			secrets.push(new Secret(basic), token, new Secret(token.reveal().replace(/^[^:]*:/, "")))
		}
	}
	if (remote.scheme === "ssh") {
		variables["GIT_SSH_COMMAND"] = await sshCommand(credentials)
		variables["GIT_SSH_VARIANT"] = "ssh"
		const agent = process.env["SSH_AUTH_SOCK"]
		if (agent !== undefined) variables["SSH_AUTH_SOCK"] = agent
	}
	return { protocols: remote.scheme, config, variables, secrets }
}

function pin(remote: Remote, addresses: readonly string[]): string {
	const port = remote.port === "" ? (remote.scheme === "https" ? "443" : "80") : remote.port
	return `${remote.host}:${port}:${addresses.map((one) => (one.includes(":") ? `[${one}]` : one)).join(",")}`
}

/** Nothing of the user's own ssh configuration, which may name commands; unknown hosts are refused, never learned. */
async function sshCommand(credentials: Credentials): Promise<string> {
	const options = [
		"BatchMode=yes",
		"StrictHostKeyChecking=yes",
		"UpdateHostKeys=no",
		"ProxyCommand=none",
		"ProxyJump=none",
		"PermitLocalCommand=no",
		"ForwardAgent=no",
		"ForwardX11=no",
		"ClearAllForwardings=yes",
		"ControlMaster=no",
		"ControlPath=none",
		"ConnectTimeout=20",
		"ServerAliveInterval=15",
	]
	if (credentials.knownHosts !== undefined) {
		options.push(`UserKnownHostsFile=${sshFile(await readable(credentials.knownHosts, "--known-hosts"))}`)
		options.push("GlobalKnownHostsFile=/dev/null")
	}
	if (credentials.sshKey !== undefined) {
		options.push("IdentitiesOnly=yes")
		options.push(`IdentityFile=${sshFile(await readable(credentials.sshKey, "--ssh-key"))}`)
	}
	return ["ssh", "-F", "none", ...options.flatMap((option) => ["-o", option])].map(shellWord).join(" ")
}

/** ssh splits at spaces and expands `%`; git runs the command by a shell: both are said literally. */
function sshFile(path: string): string {
	return `"${path.replaceAll("%", "%%").replaceAll('"', '\\"')}"`
}

function shellWord(word: string): string {
	return `'${word.replaceAll("'", `'\\''`)}'`
}

async function readToken(file: string): Promise<Secret> {
	const text = (await readFile(file, "utf8").catch((error: unknown) => unreadable(file, "--token-file", error))).trim()
	const secret = text.slice(text.indexOf(":") + 1)
	if (secret.length < LEAST || /[\s\p{Cc}]/u.test(text))
		throw failure(
			"refused",
			`Cannot use "${file}" (--token-file): it does not hold just a token`,
			"put the token alone into the file",
		)
	return new Secret(text.includes(":") ? text : `x-access-token:${text}`)
}

async function readable(file: string, option: string): Promise<string> {
	await readFile(file).catch((error: unknown) => unreadable(file, option, error))
	return file
}

function unreadable(file: string, option: string, error: unknown): never {
	const code = (error as NodeJS.ErrnoException).code ?? "unreadable"
	throw failure("refused", `Cannot read "${file}" (${option}): ${code}`, `check the path given by ${option}`)
}
