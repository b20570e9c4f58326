import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { half, POD_WORDS, PodRows } from "../../../src/cluster/state/pods.ts"

const SOURCE = fileURLToPath(new URL("../../../src/cluster", import.meta.url))

test("no two members of a pod's record share a word, and growing keeps what is there", () => {
	const pods = new PodRows()
	const { layout } = pods.record
	const members = layout.split(" ").map((member) => ({ name: member.replace("2", ""), isWide: member.endsWith("2") }))
	const column = (name: string) => (pods as unknown as { readonly [name: string]: Float64Array })[name] as Float64Array
	const rows = Array.from({ length: 200 }, () => pods.take())
	const wanted = (row: number, place: number) => (row / POD_WORDS) * 100 + place
	for (const row of rows) {
		for (const [place, { name, isWide }] of members.entries())
			column(name)[isWide ? half(row) : row] = wanted(row, place)
	}
	rows.push(...Array.from({ length: 500 }, () => pods.take()))
	for (const row of rows.slice(0, 200)) {
		for (const [place, { name, isWide }] of members.entries())
			expect(column(name)[isWide ? half(row) : row]).toBe(wanted(row, place))
	}
})

test("members of two words are always asked for at half of the row", () => {
	const wide = new PodRows().record.layout.match(/\w+(?=2)/g)?.join("|")
	const elsewhere = new RegExp(`\\bpods\\.(${wide})\\[(?!half\\()`)
	const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))
	expect(files.length).toBeGreaterThan(50)
	expect(files.filter((file) => elsewhere.test(readFileSync(`${SOURCE}/${file}`, "utf8")))).toEqual([])
})
