import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { isObject, type Json } from "../../src/base/index.ts"
import {
	applyDefaults,
	applyOwned,
	decode,
	fieldChanges,
	type KubeObject,
	prepareCreate,
	toCurrentVersion,
	validateCreate,
	warningsOf,
} from "../../src/kube/index.ts"

const corpus = fileURLToPath(new URL("../../../shared/corpus/expected.jsonl.gz", import.meta.url))

/** Objects as people wrote them, in the current version; those that do not even decode are left out. */
function writtenObjects(): readonly KubeObject[] {
	const lines = gunzipSync(readFileSync(corpus)).toString("utf8").trim().split("\n")
	const documents = lines.flatMap((line) => (JSON.parse(line) as { docs?: readonly { json?: Json }[] }).docs ?? [])
	return documents.flatMap(({ json }) => {
		const whole = isObject(json) && typeof json["kind"] === "string" && isObject(json["metadata"])
		const object = whole ? toCurrentVersion(json).object : undefined
		return object === undefined || decode(object).problems.some(({ kind }) => kind === "type")
			? []
			: [object as KubeObject]
	})
}

test.skipIf(!existsSync(corpus))(
	"real objects are prepared once and for all, and applying them again changes nothing (skipped without ../shared/corpus)",
	() => {
		const objects = writtenObjects()
		expect(objects.length).toBeGreaterThan(2_000)
		const changed = objects.flatMap((object) => {
			const stored = prepareCreate(object)
			const again = applyDefaults(applyOwned({ live: stored, before: object, after: object }))
			// No answer may throw, whatever it is.
			validateCreate(stored)
			warningsOf(stored)
			const changes = [...fieldChanges(stored, prepareCreate(stored)), ...fieldChanges(stored, again)]
			return changes.length === 0 ? [] : [{ name: object.metadata.name, changes }]
		})
		expect(changed).toEqual([])
	},
)
