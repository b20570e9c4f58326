import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { noteCurrent, ownClone, stateDir, stateDirToRead } from "../../src/cli/state-dir.ts"

const facts = { env: {}, cwd: "/work", home: "/home/ada" }
const FLEET = "fleet-9b69a74ca7ba"

describe("stateDir", () => {
	it.each([
		["--state wins", { ...facts, flag: "here", env: { ROLLCALL_STATE: "/env" }, clone: "/opt/rollcall" }, "/work/here"],
		["then ROLLCALL_STATE", { ...facts, env: { ROLLCALL_STATE: "/env" }, clone: "/opt/rollcall" }, "/env"],
		["then state/ of Rollcall's own clone", { ...facts, clone: "/opt/rollcall" }, `/opt/rollcall/state/${FLEET}`],
		["then the XDG state folder", { ...facts, env: { XDG_STATE_HOME: "/xdg" } }, `/xdg/rollcall/${FLEET}`],
		[
			"a relative XDG_STATE_HOME is ignored",
			{ ...facts, env: { XDG_STATE_HOME: "xdg" } },
			`/home/ada/.local/state/rollcall/${FLEET}`,
		],
	])("%s", (_, given, want) => {
		expect(stateDir(given, "/srv/fleet")).toBe(want)
	})

	it("keeps repositories of one name apart, and names them without odd characters", () => {
		const of = (repository: string) => stateDir(facts, repository)
		expect(of("/srv/fleet")).not.toBe(of("/opt/fleet"))
		expect(of("https://example.com/team/../~agents.git")).toMatch(/rollcall\/-agents-[0-9a-f]{12}$/)
		expect(of("/")).toMatch(/rollcall\/repository-[0-9a-f]{12}$/)
	})
})

describe("stateDirToRead", () => {
	const clone = (): string => {
		const root = mkdtempSync(join(tmpdir(), "rollcall-clone-"))
		onTestFinished(() => rmSync(root, { recursive: true, force: true }))
		return root
	}
	const record = async (where: ReturnType<typeof here>, repository: string): Promise<string> => {
		const directory = stateDir(where, repository)
		mkdirSync(directory, { recursive: true })
		writeFileSync(join(directory, "ledger.db"), "")
		await noteCurrent(where, directory)
		return directory
	}
	const here = (root: string) => ({ ...facts, clone: root })

	it("is the history of the repository around the current folder, else the one that was written last", async () => {
		const where = here(clone())
		const fleet = await record(where, "/srv/fleet")
		const other = await record(where, "/srv/other")
		expect(stateDirToRead(where, "/srv/fleet")).toBe(fleet)
		expect(stateDirToRead(where, "/srv/unknown")).toBe(other)
		expect(stateDirToRead(where, undefined)).toBe(other)
		await record(where, "/srv/fleet")
		expect(stateDirToRead(where, undefined)).toBe(fleet)
	})

	it("is where the history would be as long as there is none", async () => {
		const where = here(clone())
		expect(stateDirToRead(where, "/srv/fleet")).toBe(stateDir(where, "/srv/fleet"))
	})

	it("is what was named, whatever was written last", async () => {
		const where = here(clone())
		await record(where, "/srv/fleet")
		expect(stateDirToRead({ ...where, flag: "/there" }, "/srv/fleet")).toBe("/there")
		expect(stateDirToRead({ ...where, env: { ROLLCALL_STATE: "/there" } }, "/srv/fleet")).toBe("/there")
	})

	it("does not follow a history that is gone, nor a name that leads elsewhere", async () => {
		const where = here(clone())
		const fleet = await record(where, "/srv/fleet")
		writeFileSync(join(where.clone, "state", "current"), "../../etc\n")
		expect(stateDirToRead(where, undefined)).toBe(stateDir(where, where.cwd))
		await noteCurrent(where, fleet)
		rmSync(fleet, { recursive: true })
		expect(stateDirToRead(where, undefined)).toBe(stateDir(where, where.cwd))
	})

	it.skipIf(process.platform !== "linux")("is not looked for for ever where no folder can be made", async () => {
		const where = { ...here("/proc/nowhere"), clone: undefined, env: { XDG_STATE_HOME: "/proc/nowhere" } }
		await expect(noteCurrent(where, stateDir(where, "/srv/fleet"))).rejects.toThrow(
			"Cannot make the state directory /proc/nowhere: /proc takes no folders",
		)
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
