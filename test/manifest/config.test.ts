import { describe, expect, test } from "vitest"
import { readConfig } from "../../src/manifest/index.ts"

const read = (text: string) => readConfig(new TextEncoder().encode(text))

describe("readConfig", () => {
	test("reads what others may change", () => {
		const { config, findings } = read(`
version: 1
drift:
  ignore:
    - kind: DaemonSet
      namespace: logging
      fields: ["metadata.annotations[example.com/*]"]
    - fields: [data.level]
`)
		expect(findings).toEqual([])
		expect(config).toEqual({
			drift: {
				ignore: [
					{ kind: "DaemonSet", namespace: "logging", fields: ["metadata.annotations[example.com/*]"] },
					{ fields: ["data.level"] },
				],
			},
		})
	})

	test.each([
		["no map", "- a", "1:1 it must be a map with a version"],
		["no version", "drift: {}", "1:1 version must be 1"],
		["another version", "version: 2", "1:1 version must be 1"],
		["bad YAML", "version: 1\ndrift: [", "2:9"],
		["a key twice", "version: 1\nversion: 1", '2:1 the key "version" stands twice'],
		["a section that is no map", "version: 1\ndrift: no", "2:1 drift must be a map"],
		[
			"a rule without fields",
			"version: 1\ndrift:\n  ignore:\n    - kind: Node",
			"4:7 drift.ignore[0] names no fields: a rule without them ignores nothing",
		],
		[
			"a member that is not known",
			"version: 1\ndrift:\n  ignor: []",
			"3:3 drift.ignor is not known here; there are ignore",
		],
		[
			"a field that is no text",
			"version: 1\ndrift:\n  ignore:\n    - fields: [1]",
			"4:16 drift.ignore[0].fields[0] must be a text",
		],
	])("names the line of what is wrong, and then says nothing: %s", (_, text, want) => {
		const { config, findings } = read(text)
		expect(config).toBeUndefined()
		const [first] = findings
		expect(`${first?.line}:${first?.column} ${first?.message}`).toContain(want)
		expect(first).toMatchObject({ code: "config", severity: "error", file: ".rollcall.yaml" })
	})

	test("heeds the rest where a section is not known: another version may know it", () => {
		const { config, findings } = read("version: 1\nweather: nice\ndrift: { ignore: [] }")
		expect(config).toEqual({ drift: { ignore: [] } })
		expect(findings).toMatchObject([{ severity: "warning", line: 2 }])
	})
})
