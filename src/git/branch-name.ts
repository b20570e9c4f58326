/** True where git would take `refs/heads/NAME`, by the rules of git-check-ref-format; at most 200 bytes. */
export function isBranchName(name: string): boolean {
	if (name === "" || name === "@" || name === "HEAD" || name.startsWith("-") || Buffer.byteLength(name) > 200)
		return false
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
	if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.$|^\/|\/$/.test(name)) return false
	return name.split("/").every((part) => !part.startsWith(".") && !part.endsWith(".lock"))
}

/** Up to three of the names that are most like the one asked for; usual defaults come before chance. */
export function nearNames(asked: string, names: readonly string[]): readonly string[] {
	const usual = new Set(["main", "master", "trunk"])
	const scored = names.map((name) => {
		const distance = editDistance(asked.slice(0, 80).toLowerCase(), name.slice(0, 80).toLowerCase())
		const near = distance <= Math.max(2, asked.length / 3) || name.endsWith(`/${asked}`) || asked.endsWith(`/${name}`)
		return { name, rank: near ? distance : usual.has(name) ? 1000 : 2000 }
	})
	return scored
		.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
		.slice(0, 3)
		.map((one) => one.name)
}

function editDistance(a: string, b: string): number {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index)
	for (let i = 1; i <= a.length; i++) {
		const next = [i]
		for (let j = 1; j <= b.length; j++) {
			const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
			next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
		}
		row = next
	}
	return row[b.length] ?? 0
}
