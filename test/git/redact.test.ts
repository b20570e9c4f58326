import { inspect } from "node:util"
import { expect, it } from "vitest"
import { redact, Secret } from "../../src/git/redact.ts"

it.each([
	[
		"fatal: unable to access 'https://ada:pw@example.com/x/': 401",
		"fatal: unable to access 'https://example.com/x/': 401",
	],
	["https://ghp_token@github.com/a/b", "https://github.com/a/b"],
	["proxy http://u:p@proxy:3128 and https://u:p/w@h/x", "proxy http://proxy:3128 and https://h/x"],
	["ssh://git@example.com/x", "ssh://git@example.com/x"],
	["ssh://git:pw@example.com/x", "ssh://example.com/x"],
	["ada:pw@example.com:x", "example.com:x"],
	["Authorization: Basic YWRhOnB3 end", "Authorization: [redacted] end"],
	['Cannot read "/srv/a@b/c": gone', 'Cannot read "/srv/a@b/c": gone'],
	["git@example.com:org/repo", "git@example.com:org/repo"],
])("redact makes %j into %j", (text, want) => {
	expect(redact(text)).toBe(want)
})

it("a Secret shows itself in no text", () => {
	const secret = new Secret("hunter2hunter2")
	const held = { deep: { secret } }
	for (const text of [
		`${secret}`,
		JSON.stringify(held),
		inspect(held, { depth: 9, showHidden: true }),
		String([secret]),
	])
		expect(text).not.toContain("hunter2")
	expect(secret.reveal()).toBe("hunter2hunter2")
})
