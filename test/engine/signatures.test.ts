import { execFileSync } from "node:child_process"
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeEach, describe, expect, test } from "vitest"
import type { LedgerEntry } from "../../src/history/index.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn, rowsOf } from "../builders/rollcall.ts"
import { gpgSigner, hasGpg, hasSshKeygen, type Signer, sshSigner, trustFile } from "../builders/signers.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const agent = (version: number) => ({ "agent.yaml": [daemonSet({ image: `registry.example/agent:${version}` })] })
const FIRST = { ...agent(1), "nodes.yaml": [nodePool("w", 3)] }

/** What became of commits, newest word last: subject, verdict, signature. */
function told(entries: readonly LedgerEntry[]): string[] {
	return rowsOf(entries, "commit").map(
		({ commit, verdict }) => `${commit.subject}: ${verdict}, ${commit.signature?.state ?? "not looked at"}`,
	)
}

function holds(entries: readonly LedgerEntry[]): string[] {
	return rowsOf(entries, "decision")
		.filter(({ decision }) => decision === "hold")
		.map(({ rule, message }) => `${rule}: ${message.replace(/[0-9a-f]{8}/g, "SHA").replace(/ \(.*?\)/g, "")}`)
}

type Verify = { readonly mode: "head" | "every"; readonly allowedSigners?: string; readonly keyring?: string }

/** Another process on the same state. */
function again(repo: Repository, before: Rollcall, signatures: Verify): Rollcall {
	return rollcallOn(repo, { state: before.state, signatures })
}

describe.skipIf(!hasSshKeygen)("SSH signatures (skipped without ssh-keygen)", () => {
	let ada: Signer
	let eve: Signer

	beforeEach(() => {
		ada = sshSigner("ada@example.org")
		eve = sshSigner("eve@example.org")
	})

	test("[THREATS 58] head: what is not signed by a known key is held with the reason, and the next that is goes on", async () => {
		const repo = repository()
		const signatures = { mode: "head", allowedSigners: trustFile(ada) } as const
		const rollcall = rollcallOn(repo, { signatures })
		for (const [subject, signer] of [
			["signed", ada],
			["unsigned", undefined],
			["of another", eve],
			["signed again", ada],
		] as const) {
			repo.commit(subject, subject === "signed" ? FIRST : agent(subject.length), signer)
			await rollcall.once()
		}
		expect(told(rollcall.entries)).toEqual([
			"signed: applied, good",
			"unsigned: held, none",
			"of another: held, unknown-key",
			"unsigned: superseded, not looked at",
			"of another: superseded, not looked at",
			"signed again: applied, good",
		])
		expect(holds(rollcall.entries)).toEqual([
			"unverified: SHA is not signed",
			"unverified: SHA is signed by a key that is not among those to trust",
		])
		expect(rowsOf(rollcall.entries, "commit")[0]?.commit.signature).toEqual({
			state: "good",
			signer: "ada@example.org",
			key: expect.stringMatching(/^SHA256:/),
		})
	})

	test("every: one commit without a signature holds all that stands on it, until head is enough", async () => {
		const repo = repository()
		const allowedSigners = trustFile(ada)
		const rollcall = rollcallOn(repo, { signatures: { mode: "every", allowedSigners } })
		repo.commit("one", FIRST, ada)
		await rollcall.once()
		repo.commit("two", agent(2))
		repo.commit("three", agent(3), ada)
		await rollcall.once()
		repo.commit("four", agent(4), ada)
		await rollcall.once()
		expect(told(rollcall.entries)).toEqual(["one: applied, good", "three: held, good", "four: held, good"])
		expect(holds(rollcall.entries)).toEqual(["unverified: SHA is not signed", "unverified: SHA is not signed"])
		await rollcall.once()
		expect(told(rollcall.entries)).toHaveLength(3)
		const other = again(repo, rollcall, { mode: "head", allowedSigners })
		await other.once()
		expect(told(other.entries).at(-1)).toBe("four: applied, good")
	})

	test("every: commits that a merge brings in count as well", async () => {
		const repo = repository()
		repo.commit("one", FIRST, ada)
		const rollcall = rollcallOn(repo, { signatures: { mode: "every", allowedSigners: trustFile(ada) } })
		await rollcall.once()
		repo.git("checkout", "--quiet", "-b", "side")
		repo.commit("side", agent(2))
		repo.git("checkout", "--quiet", "main")
		repo.git(...ada.config, "merge", "--quiet", "--no-ff", "-m", "merged", "side")
		await rollcall.once()
		expect(told(rollcall.entries).at(-1)).toBe("merged: held, good")
		expect(holds(rollcall.entries)).toEqual(["unverified: SHA is not signed"])
	})

	test("a signature that was cut from another commit, and one after its key's time, do not count", async () => {
		const late = sshSigner("late@example.org", 'valid-before="20200101"')
		const repo = repository()
		const rollcall = rollcallOn(repo, { signatures: { mode: "head", allowedSigners: trustFile(ada, late) } })
		const signed = repo.commit("one", FIRST, ada)
		const forged = repo.git("cat-file", "commit", signed).replace("\n\none", "\n\nforged")
		const path = join(temporaryDirectory(), "commit")
		writeFileSync(path, `${forged}\n`)
		repo.git("update-ref", "refs/heads/main", repo.git("hash-object", "-t", "commit", "-w", path))
		await rollcall.once()
		repo.commit("late", agent(2), late)
		await rollcall.once()
		expect(told(rollcall.entries)).toEqual(["forged: held, bad", expect.stringMatching(/^late: held, (?!good)/)])
		expect(rowsOf(rollcall.entries, "rollout-started")).toEqual([])
	})

	test("nothing that the repository configures has a say, and no program of its is run", async () => {
		const repo = repository()
		const ranAt = join(temporaryDirectory(), "ran")
		const program = join(temporaryDirectory(), "program")
		writeFileSync(program, `#!/bin/sh\ntouch ${ranAt}\nexit 0\n`)
		chmodSync(program, 0o755)
		for (const key of ["gpg.program", "gpg.openpgp.program", "gpg.ssh.program", "gpg.x509.program"])
			repo.git("config", key, program)
		repo.git("config", "gpg.ssh.allowedSignersFile", trustFile(eve))
		repo.git("config", "gpg.minTrustLevel", "never")
		repo.git("config", "log.showSignature", "true")
		const rollcall = rollcallOn(repo, { signatures: { mode: "head", allowedSigners: trustFile(ada) } })
		repo.commit("evil", FIRST, { ...eve, config: [...eve.config, "-c", "gpg.ssh.program=ssh-keygen"] })
		await rollcall.once()
		expect([told(rollcall.entries), existsSync(ranAt)]).toEqual([["evil: held, unknown-key"], false])
	})

	test("what is held is not read: its last good version of an object never comes in by a later broken file", async () => {
		const repo = repository()
		const rollcall = rollcallOn(repo, { signatures: { mode: "head", allowedSigners: trustFile(ada) } })
		repo.commit("one", FIRST, ada)
		await rollcall.once()
		repo.commit("evil", agent(666))
		await rollcall.once()
		repo.commit("broken", { "agent.yaml": "kind: [", "other.yaml": [daemonSet({ name: "other" })] }, ada)
		await rollcall.once()
		const opened = await rollcall.open()
		const live = opened.engine.recorded?.cluster.read("apps/DaemonSet/kube-system/agent")
		await opened.close()
		expect(JSON.stringify(live)).toContain("agent:1")
		expect(told(rollcall.entries).at(-1)).toBe("broken: applied, good")
	})

	test("a restart asks nobody about what was taken, a held commit passes once its key is trusted", async () => {
		const repo = repository()
		const allowedSigners = trustFile(ada)
		const rollcall = rollcallOn(repo, { signatures: { mode: "head", allowedSigners } })
		repo.commit("one", FIRST, ada)
		await rollcall.once()
		repo.commit("two", agent(2), eve)
		await rollcall.once()
		const before = rollcall.exported()
		await rollcall.once()
		expect(rollcall.exported()).toBe(before)
		const trusting = again(repo, rollcall, { mode: "head", allowedSigners: trustFile(ada, eve) })
		await trusting.once()
		expect(told(trusting.entries)).toEqual(["two: applied, good"])
		rmSync(join(repo.path, ".git", "objects"), { recursive: true })
		execFileSync("git", ["-C", repo.path, "init", "--quiet"], { env: { PATH: process.env["PATH"] } })
		expect(rollcall.exported().startsWith(before)).toBe(true)
	})

	test("a commit that is held is asked about once a run, whatever else is to be looked at again, and anew by a sync", async () => {
		const repo = repository()
		const allowedSigners = trustFile(ada)
		const signatures = { mode: "head", allowedSigners } as const
		repo.commit("one", FIRST, ada)
		const rollcall = rollcallOn(repo, { signatures })
		await rollcall.once()
		repo.commit("two", agent(2), eve)
		await rollcall.once()
		// Read in another way than before: every object is to be compared anew, once that is allowed.
		const opened = await rollcallOn(repo, { signatures, state: rollcall.state, plain: true }).open()
		try {
			const { engine, state } = opened
			const commits = () => state.ledger.entries(0).filter(({ entry }) => entry.kind === "commit").length
			const before = commits()
			for (let times = 0; times < 3; times++) await engine.once(new AbortController().signal)
			expect(commits()).toBe(before)
			writeFileSync(allowedSigners, ada.trust + eve.trust)
			const asked = engine.ask({ id: "sync-1", kind: "sync", by: "ada" })
			for (let times = 0; times < 3; times++) await engine.once(new AbortController().signal)
			await asked
			expect(state.ledger.commits({ limit: 1 })).toMatchObject([
				{ subject: "two", verdict: "applied", signature: "good" },
			])
		} finally {
			await opened.close()
		}
	})

	test("two replays with one set of keys export the same bytes, and hold the same", async () => {
		const repo = repository()
		repo.commit("one", FIRST, ada)
		repo.commit("two", agent(2))
		repo.commit("three", agent(3), ada)
		const signatures = { mode: "head", allowedSigners: trustFile(ada) } as const
		const [one, two] = [rollcallOn(repo, { signatures }), rollcallOn(repo, { signatures })]
		for (const rollcall of [one, two]) await rollcall.replay()
		expect(one.exported()).toBe(two.exported())
		expect(told(one.entries)).toEqual([
			"one: applied, good",
			"two: held, none",
			"two: superseded, not looked at",
			"three: applied, good",
		])
	})
})

describe.skipIf(!hasGpg)("OpenPGP signatures (skipped without gpg)", () => {
	test("count by the keyring alone", async () => {
		const [ada, eve] = [gpgSigner("Ada", "ada@example.org"), gpgSigner("Eve", "eve@example.org")]
		const repo = repository()
		const rollcall = rollcallOn(repo, { signatures: { mode: "head", keyring: trustFile(ada) } })
		repo.commit("one", FIRST, ada)
		await rollcall.once()
		repo.commit("two", agent(2), eve)
		await rollcall.once()
		expect(told(rollcall.entries)).toEqual(["one: applied, good", "two: held, unknown-key"])
		expect(rowsOf(rollcall.entries, "commit")[0]?.commit.signature).toEqual({
			state: "good",
			signer: "Ada <ada@example.org>",
			key: expect.stringMatching(/^[0-9A-F]{40}$/),
		})
	})

	test("a file without keys is refused, with what to give instead", async () => {
		const repo = repository()
		repo.commit("one", FIRST)
		const keyring = join(temporaryDirectory(), "keys")
		writeFileSync(keyring, "no keys\n")
		const rollcall = rollcallOn(repo, { signatures: { mode: "head", keyring } })
		const opened = await rollcall.open()
		const state = await opened.engine.once(new AbortController().signal)
		await opened.close()
		expect(state).toMatchObject({ kind: "refused", next: "give a file that gpg --export wrote" })
		const missing = rollcallOn(repo, { signatures: { mode: "head", keyring: "/nonexistent/keys" } })
		await expect(missing.open()).rejects.toThrow("Cannot read the keys in /nonexistent/keys: ENOENT")
	})
})
