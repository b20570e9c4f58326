import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { chooseStateDir, claimStateDir, ownClone } from "../../src/cli/state-dir.ts"

const facts = { env: {}, cwd: "/work", home: "/home/ada", repository: "/srv/fleet" }

describe("chooseStateDir", () => {
	it.each([
		["--state wins", { ...facts, flag: "here", env: { ROLLCALL_STATE: "/env" }, clone: "/opt/rollcall" }, "/work/here"],
		["then ROLLCALL_STATE", { ...facts, env: { ROLLCALL_STATE: "/env" }, clone: "/opt/rollcall" }, "/env"],
		["then state/ of Rollcall's own clone", { ...facts, clone: "/opt/rollcall" }, "/opt/rollcall/state"],
		[
			"or a folder in it, where it holds another repository's history",
			{ ...facts, clone: "/opt/rollcall", owner: "/srv/other" },
			"/opt/rollcall/state/fleet-9b69a74ca7ba",
		],
		[
			"within the clone itself it is always state/",
			{ ...facts, clone: "/opt/rollcall", owner: "/srv/other", repository: "/opt/rollcall" },
			"/opt/rollcall/state",
		],
		["then the XDG state folder", { ...facts, env: { XDG_STATE_HOME: "/xdg" } }, "/xdg/rollcall/fleet-9b69a74ca7ba"],
		[
			"a relative XDG_STATE_HOME is ignored",
			{ ...facts, env: { XDG_STATE_HOME: "xdg" } },
			"/home/ada/.local/state/rollcall/fleet-9b69a74ca7ba",
		],
	])("%s", (_, given, want) => {
		expect(chooseStateDir(given)).toBe(want)
	})

	it("keeps repositories of one name apart, and names them without odd characters", () => {
		const of = (repository: string) => chooseStateDir({ ...facts, repository })
		expect(of("/srv/fleet")).not.toBe(of("/opt/fleet"))
		expect(of("https://example.com/team/../~agents.git")).toMatch(/rollcall\/-agents-[0-9a-f]{12}$/)
		expect(of("/")).toMatch(/rollcall\/repository-[0-9a-f]{12}$/)
	})
})

describe("claimStateDir", () => {
	it("keeps two repositories from writing into one history", () => {
		const root = mkdtempSync(join(tmpdir(), "rollcall-claim-"))
		onTestFinished(() => rmSync(root, { recursive: true, force: true }))
		claimStateDir(join(root, "state"), "/srv/fleet")
		claimStateDir(join(root, "state"), "/srv/fleet")
		expect(() => claimStateDir(join(root, "state"), "/srv/other")).toThrow("it holds the history of /srv/fleet")
	})
})

describe("ownClone", () => {
	it("is the folder whose package.json says rollcall and that has a .git", () => {
		const root = mkdtempSync(join(tmpdir(), "rollcall-clone-"))
		onTestFinished(() => rmSync(root, { recursive: true, force: true }))
		mkdirSync(join(root, "dist"))
		writeFileSync(join(root, "package.json"), '{"name":"rollcall"}')
		expect(ownClone(join(root, "dist"))).toBeUndefined()
		mkdirSync(join(root, ".git"))
		expect(ownClone(join(root, "dist"))).toBe(root)
		writeFileSync(join(root, "package.json"), '{"name":"other"}')
		expect(ownClone(join(root, "dist"))).toBeUndefined()
	})
})
