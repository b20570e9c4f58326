import { gitEnvironment } from "./environment.ts"
import { failure } from "./failure.ts"
import { runGit } from "./run.ts"

/** How a commit in the user's name is made: what `git commit` there would take of these, and nothing more. */
export type CommitSettings = {
	readonly variables: Readonly<Record<string, string>>
	readonly config: readonly (readonly [key: string, value: string])[]
	/** For `git commit-tree`: empty where nothing is to be signed. */
	readonly sign: readonly string[]
}

type Settings = ReadonlyMap<string, string>

/**
 * Settings that name a program. The user's own configuration, else git's default: what the repository's says of them is
 * overruled, because it could run anything.
 */
const PROGRAMS: readonly (readonly [key: string, byDefault: string])[] = [
	["gpg.format", "openpgp"],
	["gpg.program", "gpg"],
	["gpg.openpgp.program", ""],
	["gpg.x509.program", "gpgsm"],
	["gpg.ssh.program", "ssh-keygen"],
	["gpg.ssh.defaultkeycommand", "false"],
]

const KEYS = "^((user|author|committer)\\.(name|email)|user\\.signingkey|gpg\\.|commit\\.gpgsign$)"
/** Where keys, agents and their windows are found; given to git only where it signs. */
const OF_SIGNING = ["GNUPGHOME", "GPG_TTY", "SSH_AUTH_SOCK", "XDG_RUNTIME_DIR", "DISPLAY", "WAYLAND_DISPLAY", "TERM"]
const OF_CONFIG = ["HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"]

/**
 * The user's identity and signing settings: user.*, gpg.* and commit.gpgsign of the system's and the user's own
 * configuration, and who the user is (user.*) in this repository. Fails as `refused` where git does not know.
 */
export async function commitSettings(gitDir: string): Promise<CommitSettings> {
	const user = new Map([...(await read(gitDir, "--system")), ...(await read(gitDir, "--global"))])
	const here = await read(gitDir, "--local")
	const who = new Map([...user, ...[...here].filter(([key]) => key.startsWith("user."))])
	const identity = { ...identityOf("author", who), ...identityOf("committer", who) }
	const zone = -new Date().getTimezoneOffset()
	const at = `@${Math.floor(Date.now() / 1000)} ${zone < 0 ? "-" : "+"}${clock(Math.abs(zone))}`
	const variables = { ...identity, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at }
	const config: (readonly [string, string])[] = [["i18n.commitEncoding", "UTF-8"]]
	if (!isTrue(user.get("commit.gpgsign"))) return { variables, config, sign: [] }
	for (const [key, byDefault] of PROGRAMS)
		config.push([key, user.get(key) ?? (byDefault || (user.get("gpg.program") ?? "gpg"))])
	return { variables: { ...variables, ...taken(["HOME", ...OF_SIGNING]) }, config, sign: [`-S${keyOf(who, identity)}`] }
}

function keyOf(who: Settings, identity: Readonly<Record<string, string>>): string {
	const key = who.get("user.signingkey")
	if (key !== undefined && key !== "") return key
	if ((who.get("gpg.format") ?? "openpgp") !== "ssh")
		return `${identity["GIT_COMMITTER_NAME"]} <${identity["GIT_COMMITTER_EMAIL"]}>`
	const next = "name it with git config --global user.signingKey"
	throw failure("refused", "Cannot sign the commit: no SSH key is named", next)
}

function identityOf(role: "author" | "committer", who: Settings): Record<string, string> {
	const of = (part: "name" | "email"): string => {
		const variable = `GIT_${role}_${part}`.toUpperCase()
		const value = process.env[variable] || who.get(`${role}.${part}`) || who.get(`user.${part}`)
		if (value) return value
		const next = `tell it: git config --global user.${part} "…"`
		throw failure(
			"refused",
			`Cannot commit: git does not know your ${part === "name" ? "name" : "e-mail address"}`,
			next,
		)
	}
	const prefix = `GIT_${role.toUpperCase()}`
	return { [`${prefix}_NAME`]: of("name"), [`${prefix}_EMAIL`]: of("email") }
}

/** Only data is read here, and by these names alone; `include`s of the user's own files count, as they do for git. */
async function read(gitDir: string, scope: "--system" | "--global" | "--local"): Promise<Settings> {
	const asking = ["config", scope, "--includes", "--null", "--get-regexp", KEYS]
	const hermetic = gitEnvironment({ protocols: "none", gitDir })
	const ran = await runGit(asking, {
		environment: scope === "--local" ? hermetic : asUser(hermetic),
		limitMs: 10_000,
	})
	const entries = ran.stdout
		.toString("utf8")
		.split("\0")
		.filter((entry) => entry !== "")
	return new Map(
		entries.map((entry) => {
			const line = entry.indexOf("\n")
			// A key alone, without "=", is true.
			return line < 0 ? [entry, "true"] : [entry.slice(0, line), entry.slice(line + 1)]
		}),
	)
}

function asUser(environment: Readonly<Record<string, string>>): Record<string, string> {
	const rest = Object.entries(environment).filter(([name]) => !OF_CONFIG.includes(name))
	return { ...Object.fromEntries(rest), ...taken(OF_CONFIG) }
}

function taken(names: readonly string[]): Record<string, string> {
	return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

function isTrue(value: string | undefined): boolean {
	return value !== undefined && /^(true|yes|on|[1-9]\d*)$/i.test(value)
}

function clock(minutes: number): string {
	return `${Math.floor(minutes / 60)}`.padStart(2, "0") + `${minutes % 60}`.padStart(2, "0")
}
