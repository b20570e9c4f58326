/** A path as text, for people and as a key. Bytes that are no UTF-8 are shown as `\xNN`; it is never joined to a folder. */
export function labelOf(bytes: Buffer): string {
	const text = bytes.toString("utf8")
	if (!text.includes("\ufffd") || Buffer.from(text, "utf8").equals(bytes)) return text
	return bytes.toString("latin1").replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
}

const MANIFEST = /\.(ya?ml|json)$/i

/** What a reader of manifests wants to know of: files by their name, and whatever is no file at all. */
export function concernsManifests(path: string, mode: string): boolean {
	return !mode.startsWith("100") || MANIFEST.test(path)
}

/** git's own reading of a mode: one executable bit is all that counts of a file's permissions. */
export function plainMode(mode: string): string {
	const bits = Number.parseInt(mode, 8)
	if ((bits & 0o170000) === 0o100000) return (bits & 0o100) !== 0 ? "100755" : "100644"
	return bits.toString(8).padStart(6, "0")
}
