import { statSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"

const NOBODY = 65534

/** Whom to run as so that file modes count, as options of a child process: nothing is read-only to root. */
export function anotherUser(): { readonly uid?: number; readonly gid?: number } {
	return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
}

/** False where this is root in a checkout that another user may not look into: then nobody else can run the program. */
export function canBeAnotherUser(): boolean {
	if (process.getuid?.() !== 0) return true
	for (let folder = fileURLToPath(new URL("../..", import.meta.url)); ; folder = dirname(folder)) {
		if ((statSync(folder).mode & 0o005) !== 0o005) return false
		if (dirname(folder) === folder) return true
	}
}
