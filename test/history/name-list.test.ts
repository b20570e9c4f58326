import { expect, test } from "vitest"
import { NameList } from "../../src/history/name-list.ts"

const NAMES = Array.from({ length: 2_500 }, (_, number) => (number % 700 === 0 ? "" : `pool-ä-${number * number}`))

function listOf(names: readonly string[]): NameList {
	const list = new NameList()
	for (const name of names) list.push(name)
	return list
}

test("a name is found by the number that it was given, in a full block and after the last one", () => {
	const list = new NameList()
	for (const [number, name] of NAMES.entries()) {
		expect(list.push(name)).toBe(number)
		expect(list.at(number)).toBe(name)
	}
	expect(list.size).toBe(NAMES.length)
	expect(list.all()).toEqual(NAMES)
})

test.each([0, 1, 1_023, 1_024, 1_025, 2_048])("of %i names none is at the number after the last", (size) => {
	const list = listOf(NAMES.slice(0, size))
	expect(list.all()).toEqual(NAMES.slice(0, size))
	expect(list.at(size)).toBeUndefined()
	expect(list.at(size + 1_024)).toBeUndefined()
})

test("what a copy gets is not in the list that it was made of, nor the other way", () => {
	const list = listOf(NAMES.slice(0, 1_100))
	const copy = list.fork()
	list.push("theirs")
	copy.push("ours")
	expect([list.at(1_100), copy.at(1_100)]).toEqual(["theirs", "ours"])
	expect([list.size, copy.size]).toEqual([1_101, 1_101])
})
