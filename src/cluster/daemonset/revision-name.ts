import type { PodTemplate } from "../../kube/index.ts"
import { templateIdentity } from "./template-identity.ts"

const ALPHABET = "bcdfghjklmnpqrstvwxz2456789"

/**
 * H4: the hash that names a template's revision and labels its pods; a collision count gives another one. The real
 * controller hashes Go's print of its own structures, so the letters differ, not the form.
 */
export function revisionHash(template: PodTemplate, collisionCount: number | undefined): string {
	const text = templateIdentity(template)
	return encodeHash(fnv(collisionCount === undefined ? text : `${text}\n${collisionCount}`))
}

/** 32 bits as Kubernetes writes them into names: the decimal digits in an alphabet without vowels. */
export function encodeHash(hash: number): string {
	return [...String(hash)].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join("")
}

function fnv(text: string): number {
	let hash = 0x811c9dc5
	for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
	return hash >>> 0
}
