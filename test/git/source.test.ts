import { dirname } from "node:path"
import { openSource } from "../../src/git/index.ts"
import { TestRepository } from "../builders/git-repository.ts"
import { gitServer } from "../builders/git-server.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"
import { sourceContract, type World } from "./source.contract.ts"

function localWorld(bare: boolean): World {
	const upstream = new TestRepository({ bare })
	return { upstream, open: (more) => openSource({ repository: upstream.dir, stateDir: "/nonexistent", ...more }) }
}

sourceContract("a work tree", async () => localWorld(false))
sourceContract("a bare repository", async () => localWorld(true))

sourceContract("a worktree of another repository", async () => {
	const upstream = new TestRepository()
	const tree = `${temporaryDirectory()}/tree`
	// A worktree needs a commit to stand on, and its own branch; the contract's branches are the common ones.
	const start = upstream.commit({ message: "elsewhere" })
	upstream.git("worktree", "add", "--quiet", "--detach", tree, start)
	upstream.git("-C", tree, "symbolic-ref", "HEAD", "refs/heads/main")
	return {
		upstream,
		open: (more) => openSource({ repository: tree, branch: "main", stateDir: "/nonexistent", ...more }),
	}
})

sourceContract("http", async () => {
	const upstream = new TestRepository({ bare: true })
	const server = await gitServer(dirname(upstream.dir))
	const stateDir = temporaryDirectory()
	return {
		upstream,
		open: (more) => openSource({ repository: `${server.url}/repository`, stateDir, allowLoopback: true, ...more }),
	}
})

sourceContract("file://", async () => {
	const upstream = new TestRepository({ bare: true })
	const stateDir = temporaryDirectory()
	return {
		upstream,
		open: (more) => openSource({ repository: `file://${upstream.dir}`, stateDir, allowLocal: true, ...more }),
	}
})
