import { byCodeUnit } from "../base/index.ts"
import { type Finding, type ObjectKey, objectKey, sayKey } from "../kube/index.ts"
import type { DesiredObject } from "./contract.ts"
import type { Entry } from "./desired-entry.ts"
import { byPlace, isRead, type Places } from "./places.ts"

/** What of a desired state its findings are made of. */
export type Findable = {
	readonly files: ReadonlyMap<string, Entry>
	readonly leftOut: ReadonlyMap<string, string>
	readonly ignored: ReadonlySet<string>
	readonly places: Places
	readonly objects: ReadonlyMap<ObjectKey, DesiredObject>
	readonly namespaces: ReadonlyMap<string, ReadonlySet<ObjectKey>>
	readonly strict: boolean
	readonly plain: boolean
	readonly mostFiles: number
}

/** What is wrong with these files, by path and line; what is wrong with all of the tree comes with any of them. */
export function findingsIn(paths: ReadonlySet<string>, state: Findable): readonly Finding[] {
	const findings: Finding[] = []
	const namespaces = new Set<string>()
	for (const path of paths) {
		const entry = state.files.get(path)
		if (entry === undefined) continue
		if (!state.leftOut.has(path)) findings.push(...entry.findings)
		if (entry.retained.length > 0) findings.push(lastGoodVersion(entry))
		if (entry.parsed?.kustomization !== undefined) findings.push(...notApplied(entry, state))
		for (const object of entry.own) {
			const places = state.places.of(object.key)
			if (places.length > 1 && places[0] === object) findings.push(...severalPlaces(places, state.strict))
			const namespace = object.object.metadata.namespace
			if (namespace !== undefined) namespaces.add(namespace)
		}
	}
	for (const namespace of namespaces) findings.push(...namespaceMade(namespace, paths, state))
	if (state.ignored.size > 0) findings.push(tooManyFiles([...state.ignored].sort(byCodeUnit), state.mostFiles))
	return findings.sort(byFinding)
}

/** An object that stands in several places: all of them are named. */
function severalPlaces(places: readonly DesiredObject[], strict: boolean): Finding[] {
	const [first, ...others] = places.filter(isRead)
	if (first === undefined || others.length === 0) return []
	const named = others.slice(0, 9).map(({ path, line }) => `${path}:${line}`)
	if (others.length > named.length) named.push(`${others.length - named.length} more`)
	const message = `${sayKey(first.key)} also stands in ${named.join(", ")}: ${strict ? "none of them counts" : "this one counts"}`
	const about = { file: first.path, line: first.line, column: 1, object: first.key }
	return [{ code: "several-places", severity: strict ? "error" : "warning", message, ...about }]
}

/** Told at the first object of a namespace that no manifest defines. */
function namespaceMade(name: string, paths: ReadonlySet<string>, { objects, namespaces }: Findable): Finding[] {
	const made = objects.get(objectKey({ group: "", kind: "Namespace", namespace: "", name }))
	if (made?.implied !== true) return []
	let first: DesiredObject | undefined
	const members = namespaces.get(name) ?? new Set()
	for (const key of members) {
		const object = objects.get(key)
		if (object !== undefined && (first === undefined || byPlace(object, first) < 0)) first = object
	}
	if (first === undefined || !paths.has(first.path)) return []
	const count = members.size === 1 ? "the object" : `the ${members.size} objects`
	const message = `no manifest defines the namespace ${name}: it is made for ${count} in it`
	return [{ code: "namespace-made", severity: "info", message, file: first.path, line: first.line, column: 1 }]
}

/** What a kustomization would do and Rollcall does not; nothing where it only lists files. */
function notApplied({ file, parsed }: Entry, { files, leftOut, plain }: Findable): Finding[] {
	const kustomization = parsed?.kustomization
	if (kustomization === undefined || kustomization.transformers.length === 0) return []
	const left = [...leftOut].filter(([path, because]) => because === file.path && files.has(path)).length
	const what = `this kustomization's ${kustomization.transformers.join(", ")} not applied`
	const then = plain
		? "its files are read as they stand"
		: `${left === 1 ? "1 file is" : `${left} files are`} left out (--plain reads them as they stand)`
	const about = { file: file.path, line: kustomization.line, column: 1 }
	return [{ code: "kustomize-not-applied", severity: "warning", message: `${what}: ${then}`, ...about }]
}

function lastGoodVersion({ file, retained }: Entry): Finding {
	const names = retained.slice(0, 5).map(({ key }) => sayKey(key))
	if (retained.length > names.length) names.push(`${retained.length - names.length} more`)
	const message = `cannot be read as it is now: the last good version stays of ${names.join(", ")}`
	return { code: "last-good-version", severity: "warning", message, file: file.path, line: 0, column: 0 }
}

function tooManyFiles(ignored: readonly string[], most: number): Finding {
	const message = `at most ${most} files are read: ${ignored.length} more are not, from here on`
	return { code: "too-many-files", severity: "error", message, file: ignored[0] ?? "", line: 0, column: 0 }
}

function byFinding(a: Finding, b: Finding): number {
	return byCodeUnit(a.file, b.file) || a.line - b.line || a.column - b.column || byCodeUnit(a.code, b.code)
}
