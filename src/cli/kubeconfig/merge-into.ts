import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { delimiter, dirname, join, resolve } from "node:path"
import type { Kubeconfig } from "../compose/index.ts"
import { CliError } from "../failure.ts"
import type { Shell } from "../shell.ts"
import { merged } from "./merge.ts"

/** The file that kubectl would write to: the one that is named, or the first of those that it reads. */
export function usualFile(shell: Pick<Shell, "env" | "cwd">, named?: string): string {
	return named === undefined ? (usualFiles(shell)[0] ?? "") : resolve(shell.cwd, named)
}

/** Those that kubectl reads as one, the first of which says most. */
export function usualFiles({ env, cwd }: Pick<Shell, "env" | "cwd">): readonly string[] {
	const named = (env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "")
	return named.length > 0
		? named.map((path) => resolve(cwd, path))
		: [join(env["HOME"] || homedir(), ".kube", "config")]
}

/** Merges into the file, made where there is none, for its owner alone. It is whole at any moment. */
export function mergeInto(path: string, config: Kubeconfig): void {
	try {
		const isThere = existsSync(path)
		// A link stays one.
		const file = isThere ? realpathSync(path) : path
		const text = merged(isThere ? readFileSync(file, "utf8") : "", config, path)
		mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
		const unfinished = `${file}.${process.pid}`
		try {
			writeFileSync(unfinished, text, { mode: isThere ? statSync(file).mode & 0o700 : 0o600, flag: "wx" })
			renameSync(unfinished, file)
		} finally {
			rmSync(unfinished, { force: true })
		}
	} catch (cause) {
		if (cause instanceof CliError || !(cause instanceof Error && "code" in cause)) throw cause
		const next = "name another file, or leave --merge away: then the kubeconfig is printed"
		throw new CliError(`Cannot merge into ${path}: ${cause.code}`, { next, cause })
	}
}
