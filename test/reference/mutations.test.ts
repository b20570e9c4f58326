import { expect, test } from "vitest"
import { isObject, type Json, type JsonObject } from "../../src/base/index.ts"
import { applyOwned, keyOf, prepareCreate, readBody, updateManaged, validateCreate } from "../../src/kube/index.ts"
import { cluster } from "../builders/cluster.ts"
import { type Recording, readRecordings, TYPES } from "./recordings.ts"

const ODD: readonly Json[] = [null, "", "x y", 0, -1, 1.5, 1e20, true, [], {}, [null], [{}], { a: null }, "100%"]

/** The value with each of its parts, one at a time, gone or something else. */
function* mutations(value: Json): Generator<Json> {
	yield* ODD
	if (Array.isArray(value)) {
		yield [...value, ...value]
		for (const [index, item] of value.entries()) for (const other of mutations(item)) yield value.with(index, other)
	} else if (isObject(value)) {
		for (const [name, member] of Object.entries(value)) {
			const { [name]: _gone, ...rest } = value
			yield rest
			for (const other of mutations(member)) yield { ...value, [name]: other }
		}
	}
}

test("[A2] [A3] [A4] any part of a valid manifest may be anything: it is refused, or stored as it would be stored again", () => {
	const on = cluster(0)
	const tally = { refused: 0, accepted: 0 }
	for (const given of readRecordings<Recording & { readonly manifest?: JsonObject; readonly raw?: string }>(
		"validation",
	)) {
		if (given.code !== 201 || given.raw !== undefined || given.manifest === undefined) continue
		for (const mutant of mutations(given.manifest)) {
			const body = readBody(JSON.stringify(mutant), TYPES[given.resource])
			const verdict = body.refusal
				? undefined
				: on.judge({ verb: "create", key: keyOf(body.object), object: body.object })
			if (body.refusal !== undefined || verdict?.accepted !== true || verdict.object === undefined) {
				tally.refused++
				continue
			}
			tally.accepted++
			const again = prepareCreate(verdict.object)
			expect(validateCreate(again)).toEqual([])
			const writer = { manager: "test", time: "2026-03-02T09:15:17Z" }
			const managed = updateManaged(undefined, again, writer).metadata.managedFields
			expect(managed).toEqual(updateManaged(undefined, verdict.object, writer).metadata.managedFields)
			applyOwned({ live: verdict.object, after: body.object })
		}
	}
	expect(tally.refused).toBeGreaterThan(10_000)
	expect(tally.accepted).toBeGreaterThan(500)
}, 60_000)
