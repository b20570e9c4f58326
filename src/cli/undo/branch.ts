import type { Reading, Source } from "../../engine/index.ts"
import { type CommitRecord, type Quarantined, quarantineAfter, type Release } from "../../history/index.ts"
import { isSameTemplate, type KubeObject, type ObjectKey } from "../../kube/index.ts"

/** First-parent commits that are looked through, from the newest. */
const COMMITS = 20_000

/** A branch as it stands, and a reader that goes to any of its commits. */
export type Branch = {
	readonly source: Source
	readonly reading: Reading
	readonly tip: string
	/** First-parent commits up to the tip, oldest first. */
	readonly line: readonly CommitRecord[]
}

export async function branchAt(source: Source, reading: Reading, tip: string): Promise<Branch> {
	const line: CommitRecord[] = []
	for await (const record of source.walk(undefined, tip, COMMITS)) line.push(record)
	return { source, reading, tip, line }
}

/** What the commit describes of the object, or last described while it could be read. */
export async function objectAt({ reading }: Branch, commit: string, key: ObjectKey): Promise<KubeObject | undefined> {
	await reading.moveTo(commit)
	return reading.objects.get(key)?.object
}

/** What the trailers of the branch quarantine of one object. */
export function quarantineOn({ line }: Branch, key: ObjectKey): readonly Quarantined[] {
	let all: readonly Quarantined[] = []
	for (const record of line) all = quarantineAfter(all, record).quarantined
	return all.filter(({ daemonSet }) => daemonSet === key)
}

/** What is gone back to on purpose is not to be held as something that was rolled away from. */
export async function releasesFor(branch: Branch, daemonSet: ObjectKey, restored: KubeObject | undefined) {
	const releases: Required<Release>[] = []
	for (const { commit: brought } of quarantineOn(branch, daemonSet)) {
		const id = await branch.source.resolve(brought)
		const held = id === undefined ? undefined : await objectAt(branch, id, daemonSet)
		if (held !== undefined && isSameTemplate(held, restored)) releases.push({ daemonSet, commit: brought })
	}
	return releases
}

/** A file of a commit; `document` is the one that is meant. */
export type File = { readonly path: string; readonly bytes: Uint8Array; readonly document?: number }

/** The file that describes the object at a commit, or that tries to and is refused. */
export async function fileWith(branch: Branch, commit: string, key: ObjectKey): Promise<File | undefined> {
	const { reading } = branch
	const { refused } = await reading.moveTo(commit)
	const place = reading.objects.get(key)
	if (place !== undefined && place.retained === undefined) {
		const file = await fileAt(branch, commit, place.path)
		return file && { ...file, document: place.document }
	}
	const path = place?.path ?? refused.find((object) => object.key === key)?.path
	return path === undefined ? undefined : fileAt(branch, commit, path)
}

export async function fileAt({ source }: Branch, commit: string, path: string): Promise<File | undefined> {
	const file = (await source.files(commit)).find((one) => one.path === path)
	const [bytes] = file === undefined ? [] : await source.read([file.blob])
	return bytes && { path, bytes }
}
