import { byCodeUnit } from "../base/index.ts"
import type { Finding } from "../kube/index.ts"
import type { DesiredObject } from "./contract.ts"
import type { Entry } from "./desired-entry.ts"
import { byPlace } from "./places.ts"

/** An object that stands in several places: all of them are named. */
export function severalPlaces(
	[first, ...others]: readonly [DesiredObject, ...DesiredObject[]],
	strict: boolean,
): Finding {
	const named = others.slice(0, 9).map(({ path, line }) => `${path}:${line}`)
	if (others.length > named.length) named.push(`${others.length - named.length} more`)
	const message = `${first.key} also stands in ${named.join(", ")}: ${strict ? "none of them counts" : "this one counts"}`
	const about = { file: first.path, line: first.line, column: 1, object: first.key }
	return { code: "several-places", severity: strict ? "error" : "warning", message, ...about }
}

export function namespaceMade(name: string, members: readonly DesiredObject[]): Finding {
	const first = [...members].sort(byPlace)[0]
	const count = members.length === 1 ? "the object" : `the ${members.length} objects`
	const message = `no manifest defines the namespace ${name}: it is made for ${count} in it`
	const about = { file: first?.path ?? "", line: first?.line ?? 0, column: first === undefined ? 0 : 1 }
	return { code: "namespace-made", severity: "info", message, ...about }
}

/** What a kustomization would do and Rollcall does not; undefined where it only lists files. */
export function notApplied({ file, parsed }: Entry, left: number, plain: boolean): Finding | undefined {
	const kustomization = parsed?.kustomization
	if (kustomization === undefined || kustomization.transformers.length === 0) return undefined
	const what = `this kustomization's ${kustomization.transformers.join(", ")} not applied`
	const then = plain
		? "its files are read as they stand"
		: `${left === 1 ? "1 file is" : `${left} files are`} left out (--plain reads them as they stand)`
	const about = { file: file.path, line: kustomization.line, column: 1 }
	return { code: "kustomize-not-applied", severity: "warning", message: `${what}: ${then}`, ...about }
}

export function lastGoodVersion({ file, retained }: Entry): Finding {
	const names = retained.slice(0, 5).map(({ key }) => key)
	if (retained.length > names.length) names.push(`${retained.length - names.length} more`)
	const message = `cannot be read as it is now: the last good version stays of ${names.join(", ")}`
	return { code: "last-good-version", severity: "warning", message, file: file.path, line: 0, column: 0 }
}

export function tooManyFiles(ignored: readonly string[], most: number): Finding {
	const message = `at most ${most} files are read: ${ignored.length} more are not, from here on`
	return { code: "too-many-files", severity: "error", message, file: ignored[0] ?? "", line: 0, column: 0 }
}

export function byFinding(a: Finding, b: Finding): number {
	return byCodeUnit(a.file, b.file) || a.line - b.line || a.column - b.column || byCodeUnit(a.code, b.code)
}
