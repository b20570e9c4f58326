import { describe, expect, test } from "vitest"
import { commitNamed } from "../../src/cli/commit-named.ts"
import type { CommitDetail, CommitRow } from "../../src/history/index.ts"
import { ledgerOf } from "./ledger-of.ts"

const [ONE, TWO, NEW] = [`abcd1${"0".repeat(35)}`, `abcd2${"0".repeat(35)}`, `ffff${"0".repeat(36)}`]

function detail(commit: string): CommitDetail {
	return { commit: { commit } } as CommitDetail
}

/** A ledger of three commits; `git` knows names by what they stand for. */
function known(names: Readonly<Record<string, string>> = {}) {
	const asked: string[] = []
	const ledger = ledgerOf({
		commits: [{ commit: NEW } as CommitRow],
		commitDetails: [ONE, TWO, NEW].map((commit) => detail(commit ?? "")),
	})
	const resolve = async (revision: string) => {
		asked.push(revision)
		return Object.hasOwn(names, revision) ? names[revision] : undefined
	}
	return { reader: { ledger, git: { repository: "/srv/fleet", branch: "main", resolve } }, asked }
}

describe("a commit of the ledger", () => {
	test.each([
		["abcd1", ONE],
		["ABCD2", TWO],
		["HEAD", NEW],
		["head", NEW],
		["@", NEW],
		["main", NEW],
		["commit/main", NEW],
		[ONE, ONE],
	])("is named %s without asking git", async (text, commit) => {
		const { reader, asked } = known()
		expect((await commitNamed(reader, text)).commit.commit).toBe(commit)
		expect(asked).toEqual([])
	})

	test.each([
		["HEAD~1", `${NEW}~1`],
		["@^2", `${NEW}^2`],
		["main~3", `${NEW}~3`],
		["@{yesterday}", "refs/heads/main@{yesterday}"],
		["@{-1}", "@{-1}"],
		["main@{1}", "main@{1}"],
		["abcd1~1", "abcd1~1"],
		["v1.2", "v1.2"],
		["commit/feature/x", "feature/x"],
		["cafe", "cafe"],
	])("is named %s, which git is asked for as %s", async (text, revision) => {
		const { reader, asked } = known({ [revision ?? ""]: TWO ?? "" })
		expect((await commitNamed(reader, text)).commit.commit).toBe(TWO)
		expect(asked).toEqual([revision])
	})

	test("that may be one of several is none, and they are named", async () => {
		const failure = await commitNamed(known().reader, "abcd").catch((error) => error)
		expect(failure).toMatchObject({
			message: 'Cannot tell which commit "abcd" means: abcd10000000, abcd20000000',
			next: "give more of its id",
		})
	})

	test.each([
		["nosuch", {}, "git in /srv/fleet has none of that name either"],
		["v9", { v9: `9${"0".repeat(39)}` }, "git in /srv/fleet has it as 90000000, which was never taken here"],
	])("%s says what was tried", async (text, names, tried) => {
		const failure = await commitNamed(known(names as Record<string, string>).reader, text).catch((error) => error)
		expect(failure.message).toBe(`Cannot find the commit "${text}" in the ledger; ${tried}`)
		expect(failure.next).toBe("rollcall history --commits lists them")
	})

	test("is found by its id alone where git cannot be asked, or nobody knows which repository it is of", async () => {
		const { reader } = known()
		const broken = { ...reader.git, resolve: () => Promise.reject(new Error("it is gone")) }
		for (const [git, why] of [
			[{ git: broken }, "git cannot be asked: it is gone"],
			[{}, "it is not known of which repository that is"],
		] as const) {
			const alone = { ledger: reader.ledger, ...git }
			expect((await commitNamed(alone, "abcd1")).commit.commit).toBe(ONE)
			await expect(commitNamed(alone, "v1")).rejects.toThrow(why)
		}
	})
})
