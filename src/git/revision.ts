const LONGEST = 1_000

/**
 * Whether git may be asked for a commit by this name. What it would take for an option, a path, a search or a range is
 * none; `@{yesterday 12:00}` and `^{/words of a message}` are.
 */
export function isRevision(text: string): boolean {
	const plain = text.replace(/[@^]\{[^}]*\}/g, "")
	return text !== "" && text.length <= LONGEST && !/\p{Cc}/u.test(text) && !/^-|:|\.\.|[@^]\{/.test(plain)
}

/** `main~2` is what `name` is, and then `steps` from there; `@{…}` belongs to the name. */
export function partsOf(revision: string): { readonly name: string; readonly steps: string } {
	const at = revision.search(/[~^]/)
	return at < 0 ? { name: revision, steps: "" } : { name: revision.slice(0, at), steps: revision.slice(at) }
}
