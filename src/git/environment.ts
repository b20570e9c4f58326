/** What a call may do beyond reading the one repository it names. */
export type Reach = {
	/** Transports git may use, joined with ":"; "none" for a local repository. */
	readonly protocols: string
	readonly gitDir?: string
	/** Directories whose owner is not asked about: the one that the user named. */
	readonly safeDirectory?: string
	readonly config?: readonly (readonly [key: string, value: string])[]
	readonly variables?: Readonly<Record<string, string>>
}

export const EMPTY_HOME = "/nonexistent"

/** Settings that hold for every call. What the repository's own configuration says about these is overruled. */
const CONFIG: readonly (readonly [string, string])[] = [
	["core.hooksPath", "/dev/null"],
	["core.fsmonitor", "false"],
	["core.untrackedCache", "false"],
	["core.attributesFile", "/dev/null"],
	["core.excludesFile", "/dev/null"],
	["core.askPass", "false"],
	["core.alternateRefsCommand", "false"],
	["core.bigFileThreshold", "8m"],
	["credential.helper", ""],
	["diff.external", ""],
	["log.showSignature", "false"],
	["gpg.program", "false"],
	["gc.auto", "0"],
	["gc.pruneExpire", "never"],
	["maintenance.auto", "false"],
	["submodule.recurse", "false"],
	["fetch.recurseSubmodules", "false"],
	["fetch.fsckObjects", "true"],
	["transfer.fsckObjects", "true"],
	// Old tools wrote these; they harm nobody who never checks out.
	["fetch.fsck.zeroPaddedFilemode", "ignore"],
	["fetch.fsck.badTimezone", "ignore"],
	["fetch.fsck.missingSpaceBeforeDate", "ignore"],
	["fetch.fsck.missingNameBeforeEmail", "ignore"],
	["fetch.fsck.badFilemode", "ignore"],
	["fetch.unpackLimit", "1"],
	["transfer.bundleURI", "false"],
	["transfer.credentialsInUrl", "die"],
	["http.followRedirects", "false"],
	["http.emptyAuth", "false"],
	["http.lowSpeedLimit", "1"],
	["http.lowSpeedTime", "30"],
	["init.templateDir", ""],
	["protocol.allow", "never"],
	["safe.bareRepository", "explicit"],
	["advice.detachedHead", "false"],
]

/**
 * The whole environment of a git process: nothing is inherited but where programs are. Settings go through the
 * environment because a command line can be read by every user of the machine.
 */
export function gitEnvironment(reach: Reach): Record<string, string> {
	const allowed = reach.protocols.split(":").filter((name) => name !== "none")
	const config = [
		...CONFIG,
		...allowed.map((name) => [`protocol.${name}.allow`, "always"] as const),
		...(reach.safeDirectory === undefined ? [] : [["safe.directory", reach.safeDirectory] as const]),
		...(reach.config ?? []),
	]
	const environment: Record<string, string> = {
		PATH: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
		HOME: EMPTY_HOME,
		XDG_CONFIG_HOME: EMPTY_HOME,
		LC_ALL: "C",
		TZ: "UTC",
		GIT_CONFIG_NOSYSTEM: "1",
		GIT_CONFIG_SYSTEM: "/dev/null",
		GIT_CONFIG_GLOBAL: "/dev/null",
		GIT_ATTR_NOSYSTEM: "1",
		GIT_TERMINAL_PROMPT: "0",
		GIT_ASKPASS: "false",
		SSH_ASKPASS: "false",
		GIT_OPTIONAL_LOCKS: "0",
		// What a commit says is what counts, not what the repository says it should be read as.
		GIT_NO_REPLACE_OBJECTS: "1",
		GIT_GRAFT_FILE: "/dev/null",
		// A partial clone would fetch what it lacks, by a command that its own configuration names.
		GIT_NO_LAZY_FETCH: "1",
		GIT_ALLOW_PROTOCOL: reach.protocols,
		GIT_PROTOCOL_FROM_USER: "0",
		GIT_LITERAL_PATHSPECS: "1",
		GIT_PAGER: "cat",
		GIT_EDITOR: "false",
		...(reach.gitDir === undefined ? {} : { GIT_DIR: reach.gitDir }),
		...reach.variables,
		GIT_CONFIG_COUNT: String(config.length),
	}
	for (const [index, [key, value]] of config.entries()) {
		environment[`GIT_CONFIG_KEY_${index}`] = key
		environment[`GIT_CONFIG_VALUE_${index}`] = value
	}
	return environment
}
