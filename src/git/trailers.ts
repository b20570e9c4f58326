export type Trailer = { readonly name: string; readonly value: string }

const TRAILER = /^([A-Za-z0-9-]+)[ \t]*:(.*)$/
/** Lines that git itself writes: with one of them, a quarter of trailers is enough. */
const OF_GIT = /^(Signed-off-by: |\(cherry picked from commit )/

/**
 * The trailers of a commit message, by the rules of git-interpret-trailers: the last paragraph, but for the first, of
 * lines that are all trailers, or at least a quarter where git wrote one. A line that begins with a space continues
 * the one before. Not asked of git: a repository's configuration can name commands for it to run.
 */
export function trailersOf(message: string): readonly Trailer[] {
	const trailers: { name: string; value: string }[] = []
	let last: { name: string; value: string } | undefined
	for (const line of trailerBlock(message.split("\n"))) {
		if (last !== undefined && /^\s/.test(line)) {
			last.value = `${last.value} ${line.trim()}`.trim()
			continue
		}
		const match = TRAILER.exec(line)
		last = match === null ? undefined : { name: match[1] ?? "", value: (match[2] ?? "").trim() }
		if (last !== undefined) trailers.push(last)
	}
	return trailers
}

/** The lines of the last paragraph, where they are trailers; otherwise none. */
function trailerBlock(lines: readonly string[]): readonly string[] {
	const title = lines.findIndex((line) => !isComment(line) && isBlank(line))
	if (title < 0) return []
	let end = lines.length
	while (end > title && (isBlank(lines[end - 1] ?? "") || isComment(lines[end - 1] ?? ""))) end--
	let start = end
	while (start > title && !isBlank(lines[start - 1] ?? "")) start--
	const block = lines.slice(start, end)
	const counts = countLines(block)
	if (counts.ofGit && counts.trailers * 3 >= counts.others) return block
	return counts.trailers > 0 && counts.others === 0 ? block : []
}

/** A line that begins with a space counts for nothing after a trailer, and as other text elsewhere. */
function countLines(block: readonly string[]): {
	readonly trailers: number
	readonly others: number
	readonly ofGit: boolean
} {
	let trailers = 0
	let others = 0
	let continues = false
	for (const line of block) {
		if (/^\s/.test(line)) {
			if (!continues) others++
			continue
		}
		continues = OF_GIT.test(line) || TRAILER.test(line)
		if (continues) trailers++
		else if (!isComment(line)) others++
	}
	return { trailers, others, ofGit: block.some((line) => OF_GIT.test(line)) }
}

function isBlank(line: string): boolean {
	return line.trim() === ""
}

function isComment(line: string): boolean {
	return line.startsWith("#")
}
