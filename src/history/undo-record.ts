import { keyParts, type ObjectKey, objectKey } from "../kube/index.ts"
import type { CommitRecord } from "./contract.ts"

/** What one commit's trailers say of one DaemonSet: what it rolled away from, and what it restored. */
export type UndoRecord = { readonly rollbackOf: readonly string[]; readonly restores: string }

/** The trailers that Rollcall leaves and reads, so that everyone who reads the branch knows what was taken back. */
const TRAILER = {
	daemonSet: "DaemonSet",
	of: "Rollback-Of",
	restores: "Restores",
	rollout: "Rollout",
	release: "Release",
	id: "Rollcall-Id",
} as const

export type UndoTrailers = UndoRecord & {
	readonly daemonSets: readonly ObjectKey[]
	/** The rollout that was the newest one. */
	readonly rollout?: number | undefined
	/** What may come again from here on. */
	readonly releases?: readonly Release[]
	/** By what the commit is found again: whoever writes by itself looks before it acts. */
	readonly id?: string | undefined
}

/** Templates of a DaemonSet that may come again: what one commit brought, or, without it, all of them. */
export type Release = { readonly daemonSet: ObjectKey; readonly commit?: string }

export function undoTrailers(undo: UndoTrailers): readonly string[] {
	return [
		...undo.daemonSets.map((daemonSet) => `${TRAILER.daemonSet}: ${nameOf(daemonSet)}`),
		...undo.rollbackOf.map((commit) => `${TRAILER.of}: ${commit}`),
		`${TRAILER.restores}: ${undo.restores}`,
		...(undo.rollout === undefined ? [] : [`${TRAILER.rollout}: ${undo.rollout}`]),
		...(undo.releases ?? []).map(releaseTrailer),
		...(undo.id === undefined ? [] : [`${TRAILER.id}: ${undo.id}`]),
	]
}

export function releaseTrailer({ daemonSet, commit }: Release): string {
	return `${TRAILER.release}: ${nameOf(daemonSet)}${commit === undefined ? "" : ` ${commit}`}`
}

/** What a commit, or any that it merges, says it undid of a DaemonSet; of several the newest. */
export function undoRecordOf(record: CommitRecord, daemonSet: ObjectKey): UndoRecord | undefined {
	return sayings(record)
		.filter(({ undo, daemonSets }) => undo !== undefined && daemonSets.includes(daemonSet))
		.at(-1)?.undo
}

/** True where the commit, or one that it merges, has this id. */
export function hasId({ trailers }: CommitRecord, id: string): boolean {
	return trailers.some(({ name, value }) => is(name, TRAILER.id) && value === id)
}

/** What one commit says with its trailers. */
export type Saying = {
	readonly commit: string
	readonly author: string
	readonly daemonSets: readonly ObjectKey[]
	readonly rollbackOf: readonly string[]
	readonly undo: UndoRecord | undefined
	readonly releases: readonly Release[]
}

/** What the commits of one first-parent step say of DaemonSets, oldest first; those that say nothing are left out. */
export function sayings({ trailers }: CommitRecord): readonly Saying[] {
	const byCommit = new Map<string, CommitRecord["trailers"][number][]>()
	for (const trailer of trailers) {
		const said = byCommit.get(trailer.commit)
		if (said === undefined) byCommit.set(trailer.commit, [trailer])
		else said.push(trailer)
	}
	// A record has the newest commit first.
	return [...byCommit].reverse().flatMap(([commit, said]) => {
		const valuesOf = (trailer: string) => said.filter(({ name }) => is(name, trailer)).map(({ value }) => value)
		const daemonSets = valuesOf(TRAILER.daemonSet).flatMap((name) => daemonSetNamed(name) ?? [])
		const releases = valuesOf(TRAILER.release).flatMap((value) => releaseOf(value) ?? [])
		if (daemonSets.length + releases.length === 0) return []
		const rollbackOf = valuesOf(TRAILER.of)
		const [restores] = valuesOf(TRAILER.restores)
		const undo = restores === undefined ? undefined : { restores, rollbackOf }
		return [{ commit, author: said[0]?.author.name ?? "", daemonSets, rollbackOf, undo, releases }]
	})
}

function releaseOf(value: string): Release | undefined {
	const [name = "", commit] = value.split(/\s+/)
	const daemonSet = daemonSetNamed(name)
	if (daemonSet === undefined) return undefined
	return commit === undefined ? { daemonSet } : { daemonSet, commit }
}

function daemonSetNamed(text: string): ObjectKey | undefined {
	const [namespace = "", name = "", ...more] = text.split("/")
	if (namespace === "" || name === "" || more.length > 0) return undefined
	return objectKey({ group: "apps", kind: "DaemonSet", namespace, name })
}

// git reads the names of trailers without regard to case.
function is(name: string, trailer: string): boolean {
	return name.toLowerCase() === trailer.toLowerCase()
}

function nameOf(daemonSet: ObjectKey): string {
	const { namespace, name } = keyParts(daemonSet)
	return `${namespace}/${name}`
}
