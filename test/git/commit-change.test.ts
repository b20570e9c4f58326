import { execFileSync } from "node:child_process"
import {
	chmodSync,
	existsSync,
	mkdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { beforeEach, expect, test, vi } from "vitest"
import { type BranchCommit, commitChange, type LocalRepository } from "../../src/git/commit-change.ts"
import { writeExecutable } from "../builders/hostile.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const OLD = "a: 1\n"
const NEW = "a: 2\n"
const GRACE = "[user]\n\tname = Grace\n\temail = grace@example.org\n"

function asUser(config: string): void {
	const file = join(temporaryDirectory(), "config")
	writeFileSync(file, config)
	vi.stubEnv("GIT_CONFIG_GLOBAL", file)
	vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1")
}

beforeEach(() => {
	for (const name of ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"])
		vi.stubEnv(name, "")
	asUser(GRACE)
	return () => vi.unstubAllEnvs()
})

function repo(): Repository {
	const made = repository()
	made.commit("first", { "d/f.yaml": OLD, "other.yaml": "o: 1\n" })
	return made
}

type Wish = Partial<Omit<BranchCommit, "files">> & LocalRepository & { readonly path: string; readonly bytes: Buffer }

const commit = (made: Repository, wish: Partial<Wish> = {}) => {
	const { dir = made.path, path = "d/f.yaml", bytes = Buffer.from(NEW), ...more } = wish
	const parent = made.git("rev-parse", "main")
	const message = "take it back\n\nRestores: 1234\n"
	return commitChange({ dir }, { branch: "main", parent, files: [{ path, bytes }], message, ...more })
}

const write = async (made: Repository, wish: Partial<Wish> = {}): Promise<string> => {
	const end = await commit(made, wish)
	return end.kind === "written" ? end.commit : end.kind
}

const read = (root: string, path = "d/f.yaml") => readFileSync(join(root, path), "utf8")

test("commitChange makes one commit in the user's name, and the work tree follows", async () => {
	const made = repo()
	const parent = made.git("rev-parse", "main")
	chmodSync(join(made.path, "d/f.yaml"), 0o640)
	const id = await write(made)
	expect(made.git("log", "-1", "--format=%H %P %an <%ae> %cn <%ce> %s %(trailers:unfold,separator=;)")).toBe(
		`${id} ${parent} Grace <grace@example.org> Grace <grace@example.org> take it back Restores: 1234`,
	)
	expect(made.git("show", "--format=", "--name-only", "HEAD")).toBe("d/f.yaml")
	expect(made.git("status", "--porcelain")).toBe("")
	expect(read(made.path)).toBe(NEW)
	expect(statSync(join(made.path, "d/f.yaml")).mode & 0o777).toBe(0o640)
	expect(made.git("reflog", "-1", "--format=%gs")).toBe("rollcall: rollout undo")
})

test("commitChange leaves everything else as it was, staged or not", async () => {
	const made = repo()
	writeFileSync(join(made.path, "other.yaml"), "o: staged\n")
	writeFileSync(join(made.path, "new.yaml"), "n: 1\n")
	made.git("add", "--all")
	writeFileSync(join(made.path, "other.yaml"), "o: edited\n")
	writeFileSync(join(made.path, "untracked.yaml"), "u\n")
	const before = made.git("status", "--porcelain")
	await write(made)
	expect(made.git("status", "--porcelain")).toBe(before)
	expect(made.git("show", ":other.yaml")).toBe("o: staged")
	expect(made.git("show", "--format=", "--name-only", "HEAD")).toBe("d/f.yaml")
})

test.each([
	["edited", (made: Repository) => writeFileSync(join(made.path, "d/f.yaml"), "a: mine\n")],
	[
		"staged",
		(made: Repository) => {
			writeFileSync(join(made.path, "d/f.yaml"), "a: mine\n")
			made.git("add", "--all")
			writeFileSync(join(made.path, "d/f.yaml"), OLD)
		},
	],
	["removed", (made: Repository) => made.git("rm", "--quiet", "d/f.yaml")],
	["made executable in the index", (made: Repository) => made.git("update-index", "--chmod=+x", "d/f.yaml")],
	[
		"led elsewhere by a link",
		(made: Repository) => {
			made.git("mv", "d", "e")
			symlinkSync("e", join(made.path, "d"))
		},
	],
] as const)("commitChange refuses, and moves nothing, where the file was %s", async (_, change) => {
	const made = repo()
	change(made)
	const before = [made.git("rev-parse", "main"), made.git("status", "--porcelain")]
	await expect(write(made)).rejects.toMatchObject({
		code: "refused",
		message: expect.stringContaining("d/f.yaml: it has uncommitted changes"),
	})
	expect([made.git("rev-parse", "main"), made.git("status", "--porcelain")]).toEqual(before)
	expect(existsSync(join(made.path, ".git/index.lock"))).toBe(false)
})

test("commitChange refuses to write over a file that git does not know", async () => {
	const made = repo()
	writeFileSync(join(made.path, "fresh.yaml"), "mine\n")
	await expect(write(made, { path: "fresh.yaml" })).rejects.toMatchObject({ code: "refused" })
	expect(read(made.path, "fresh.yaml")).toBe("mine\n")
	await write(made, { path: "x/y/fresh.yaml" })
	expect([read(made.path, "x/y/fresh.yaml"), made.git("status", "--porcelain")]).toEqual([NEW, "?? fresh.yaml"])
})

test("commitChange waits for no other git: it refuses while the index is locked", async () => {
	const made = repo()
	writeFileSync(join(made.path, ".git/index.lock"), "")
	await expect(write(made)).rejects.toMatchObject({ message: expect.stringContaining("another git is at work there") })
	expect(existsSync(join(made.path, ".git/index.lock"))).toBe(true)
	expect(read(made.path)).toBe(OLD)
})

test("commitChange lets a linked work tree follow, and leaves the main one on its branch", async () => {
	const made = repo()
	const linked = join(temporaryDirectory(), "linked")
	made.git("worktree", "add", "--quiet", linked, "-b", "side")
	await write(made, { branch: "side" })
	expect([read(linked), read(made.path)]).toEqual([NEW, OLD])
	expect([made.git("-C", linked, "status", "--porcelain"), made.git("status", "--porcelain")]).toEqual(["", ""])
	expect(made.git("rev-parse", "side^")).toBe(made.git("rev-parse", "main"))
	await write(made, { dir: linked })
	expect([read(made.path), made.git("status", "--porcelain")]).toEqual([NEW, ""])
})

test("commitChange writes to a bare repository, and to a branch that is not checked out", async () => {
	const made = repo()
	const bare = join(temporaryDirectory(), "bare.git")
	made.git("clone", "--quiet", "--bare", made.path, bare)
	const id = await write(made, { dir: bare })
	expect(made.git("--git-dir", bare, "show", "main:d/f.yaml")).toBe(NEW.trim())
	expect(made.git("--git-dir", bare, "rev-parse", "main")).toBe(id)
	made.git("branch", "side")
	await write(made, { branch: "side" })
	expect([made.git("show", "side:d/f.yaml"), read(made.path)]).toEqual([NEW.trim(), OLD])
})

test("commitChange keeps a work tree's own line ends, as autocrlf made them", async () => {
	const made = repo()
	made.git("config", "core.autocrlf", "true")
	writeFileSync(join(made.path, "d/f.yaml"), OLD.replace("\n", "\r\n"))
	await write(made)
	expect([read(made.path), made.git("status", "--porcelain")]).toEqual(["a: 2\r\n", ""])
	expect(made.git("cat-file", "-s", "HEAD:d/f.yaml")).toBe(`${NEW.length}`)
})

test("commitChange leaves a file that sparse checkout leaves out where it is: nowhere", async () => {
	const made = repo()
	made.git("sparse-checkout", "set", "--no-cone", "/other.yaml")
	await write(made)
	expect([existsSync(join(made.path, "d")), made.git("status", "--porcelain")]).toEqual([false, ""])
})

test("commitChange writes nothing where the branch has moved since it was read", async () => {
	const made = repo()
	const parent = made.git("rev-parse", "main")
	made.commit("second", { "other.yaml": "o: 2\n" })
	expect(await commit(made, { parent })).toEqual({ kind: "moved" })
	expect([read(made.path), made.git("status", "--porcelain")]).toEqual([OLD, ""])
})

test("commitChange makes a new branch for review, and never moves one that is there", async () => {
	const made = repo()
	writeFileSync(join(made.path, "d/f.yaml"), "a: mine\n")
	const id = await write(made, { toBranch: "undo/agent" })
	expect([made.git("rev-parse", "undo/agent"), read(made.path)]).toEqual([id, "a: mine\n"])
	await expect(write(made, { toBranch: "undo/agent" })).rejects.toMatchObject({
		message: expect.stringContaining("it is there already"),
	})
})

test("commitChange runs nothing that the repository brings: no hook, no filter, no signing program", async () => {
	const made = repo()
	const proof = join(temporaryDirectory(), "proof")
	const program = join(temporaryDirectory(), "program")
	writeExecutable(program, `#!/bin/sh\necho "$0" >> ${proof}\ncat\n`)
	for (const hook of ["pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"])
		writeExecutable(join(made.path, ".git/hooks", hook), `#!/bin/sh\necho ${hook} >> ${proof}\n`)
	for (const key of ["filter.x.clean", "filter.x.smudge", "gpg.program", "gpg.ssh.program", "core.fsmonitor"])
		made.git("config", key, program)
	made.git("config", "commit.gpgSign", "true")
	mkdirSync(join(made.path, ".git/info"), { recursive: true })
	writeFileSync(join(made.path, ".git/info/attributes"), "* filter=x\n")
	// Files as young as the index are the ones that git looks at again.
	const young = new Date(Date.now() + 3_600_000)
	for (const path of ["other.yaml", ".git/index"]) utimesSync(join(made.path, path), young, young)
	await write(made)
	expect(existsSync(proof)).toBe(false)
	expect(read(made.path)).toBe(NEW)
})

test("commitChange signs as the user has it, and only then", async () => {
	const made = repo()
	const key = join(temporaryDirectory(), "key")
	execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
	asUser(`${GRACE}\tsigningKey = ${key}.pub\n[gpg]\n\tformat = ssh\n[commit]\n\tgpgSign = true\n`)
	made.git("config", "gpg.ssh.program", "/bin/false")
	const id = await write(made)
	expect(made.git("cat-file", "commit", id)).toContain("-----BEGIN SSH SIGNATURE-----")
})

test("commitChange takes who the user is in this repository, and asks where git does not know", async () => {
	const made = repo()
	made.git("config", "user.email", "grace@work.example")
	await write(made)
	expect(made.git("log", "-1", "--format=%an <%ae>")).toBe("Grace <grace@work.example>")
	asUser("")
	await expect(write(made)).rejects.toMatchObject({ next: expect.stringContaining("git config --global user.name") })
})

test("commitChange writes, makes and removes files in one commit, and empty folders go", async () => {
	const made = repo()
	made.commit("more", { "d/e/gone.yaml": "g: 1\n", "exec.yaml": "e: 1\n" })
	chmodSync(join(made.path, "exec.yaml"), 0o755)
	made.commit("executable", {})
	const parent = made.git("rev-parse", "main")
	const files = [
		{ path: "d/e/gone.yaml", bytes: undefined },
		{ path: "exec.yaml", bytes: Buffer.from("e: 2\n") },
		{ path: "new/f.yaml", bytes: Buffer.from(NEW) },
	]
	const end = await commitChange({ dir: made.path }, { branch: "main", parent, files, message: "all" })
	expect(end).toEqual({ kind: "written", commit: made.git("rev-parse", "main") })
	expect(made.git("show", "--format=", "--name-status", "HEAD")).toBe("D\td/e/gone.yaml\nM\texec.yaml\nA\tnew/f.yaml")
	expect([made.git("status", "--porcelain"), existsSync(join(made.path, "d/e")), read(made.path)]).toEqual([
		"",
		false,
		OLD,
	])
	expect(made.git("ls-tree", "HEAD", "exec.yaml").slice(0, 6)).toBe("100755")
})

test("commitChange moves nothing where one of several files has uncommitted changes", async () => {
	const made = repo()
	writeFileSync(join(made.path, "other.yaml"), "o: mine\n")
	const parent = made.git("rev-parse", "main")
	const files = ["d/f.yaml", "other.yaml"].map((path) => ({ path, bytes: Buffer.from(NEW) }))
	await expect(
		commitChange({ dir: made.path }, { branch: "main", parent, files, message: "all" }),
	).rejects.toMatchObject({ message: expect.stringContaining("other.yaml: it has uncommitted changes") })
	expect([read(made.path), read(made.path, "other.yaml"), made.git("rev-parse", "main")]).toEqual([
		OLD,
		"o: mine\n",
		parent,
	])
	expect(existsSync(join(made.path, ".git/index.lock"))).toBe(false)
})
