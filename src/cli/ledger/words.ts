import { formatAge, formatDuration, formatInstant, type Instant } from "../../base/index.ts"
import type { CommitLine, CommitRecord, RolloutRow, RolloutTrigger } from "../../history/index.ts"
import { keyParts, type ObjectKey } from "../../kube/index.ts"
import { oneLine } from "../output/visible.ts"

/** `logging/fluentd`. */
export function placeOf(key: ObjectKey): string {
	const { namespace, name } = keyParts(key)
	return oneLine(namespace ? `${namespace}/${name}` : name)
}

export function shortCommit(commit: string): string {
	return oneLine(commit).slice(0, 8)
}

/** `good, by ada@example.com (SHA256:…), who is not the author`. */
export function sayCommitSignature({ signature, author }: CommitRecord): string {
	if (signature === undefined) return "not looked at"
	const { state, signer, key } = signature
	const by = signer === undefined ? "" : `, by ${signer}`
	const of = key === undefined ? "" : ` (${key})`
	// Of `Ada <ada@example.com>` the address counts, whole: part of another one is nobody.
	const address = /<([^<>]*)>$/.exec(signer ?? "")?.[1] ?? signer
	const isAuthor = address === undefined || address.toLowerCase() === author.email.toLowerCase()
	return `${state}${by}${of}${isAuthor ? "" : `; the author is ${author.email}`}`
}

/** The author of a commit, or who else set it going. */
export function authorOf(commit: CommitLine | undefined, trigger: RolloutTrigger): string {
	if (commit) return commit.author
	if (trigger.kind === "client") return trigger.client
	return trigger.kind === "engine" ? `rollcall (${trigger.rule})` : trigger.kind
}

/**
 * `fluentd 1.16 → 1.17`; whole images where more than the tag differs; one image alone where there was none before,
 * and nothing where no image changed.
 */
export function imageChange(from: readonly string[] | undefined, to: readonly string[]): string {
	if (!from) return to.map(shortImage).join(", ")
	const changed = to.filter((image) => !from.includes(image))
	const gone = from.filter((image) => !to.includes(image))
	const pairs = changed.map((image) => {
		const before = gone.find((other) => splitImage(other).name === splitImage(image).name)
		if (before === undefined) return shortImage(image)
		return `${lastPart(splitImage(image).name)} ${splitImage(before).tag} → ${splitImage(image).tag}`
	})
	const replaced = gone.filter((image) => !changed.some((other) => splitImage(other).name === splitImage(image).name))
	return [...pairs, ...replaced.map((image) => `−${shortImage(image)}`)].join(", ")
}

/** How long it took, or has been going on. */
export function timeTaken(row: RolloutRow, now: Instant): string {
	return formatDuration(Math.max(0, (row.endedAt ?? now) - row.startedAt))
}

export function ageAt(at: Instant, now: Instant): string {
	return formatAge(Math.max(0, now - at))
}

/** `2026-03-02 09:14:07Z`, for people. */
export function timeText(at: Instant): string {
	return formatInstant(at).replace("T", " ")
}

function splitImage(image: string): { readonly name: string; readonly tag: string } {
	const at = image.indexOf("@")
	if (at >= 0) return { name: image.slice(0, at).replace(/:[^/:]*$/, ""), tag: image.slice(at + 1, at + 20) }
	const colon = image.lastIndexOf(":")
	if (colon <= image.lastIndexOf("/")) return { name: image, tag: "latest" }
	return { name: image.slice(0, colon), tag: image.slice(colon + 1) }
}

function shortImage(image: string): string {
	return lastPart(image.replace(/@sha256:([0-9a-f]{12})[0-9a-f]*$/, "@$1"))
}

function lastPart(name: string): string {
	return name.slice(name.lastIndexOf("/") + 1)
}
