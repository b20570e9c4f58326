export type Trailer = { readonly name: string; readonly value: string }

const TRAILER = /^([A-Za-z0-9-]+)[ \t]*:[ \t]*(.*)$/
/** Lines that git itself writes: with one of them, a quarter of trailers is enough. */
const OF_GIT = /^(Signed-off-by: |\(cherry picked from commit )/

/**
 * The trailers of a commit message, by the rules of git-interpret-trailers: the last paragraph, but for the first, of
 * lines that are all trailers, or at least a quarter where git wrote one. A line that begins with a space continues
 * the one before. Not asked of git: a repository's configuration can name commands for it to run.
 */
export function trailersOf(message: string): readonly Trailer[] {
	const lines = message.replace(/\s+$/, "").split("\n")
	let start = lines.length
	while (start > 0 && lines[start - 1]?.trim() !== "") start--
	if (start === 0 || lines.slice(0, start).every((line) => line.trim() === "")) return []
	const block = lines.slice(start).filter((line) => !line.startsWith("#"))
	const trailers: { name: string; value: string }[] = []
	let others = 0
	let ofGit = false
	let last: { name: string; value: string } | undefined
	for (const line of block) {
		const match = TRAILER.exec(line)
		if (OF_GIT.test(line)) ofGit = true
		if (/^\s/.test(line)) {
			if (last === undefined) others++
			else last.value = `${last.value} ${line.trim()}`.trim()
		} else if (match !== null) {
			last = { name: match[1] ?? "", value: (match[2] ?? "").trim() }
			trailers.push(last)
		} else {
			last = undefined
			if (!OF_GIT.test(line)) others++
		}
	}
	if (others === 0) return trailers
	return ofGit && trailers.length * 3 >= others ? trailers : []
}
