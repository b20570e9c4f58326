import { spawnSync } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export type LargeRepository = { readonly path: string; readonly manifests: number; readonly commits: number }

const FIRST_COMMIT_S = 1_750_000_000

/** A repository of so many DaemonSet and ConfigMap manifests (one in fifty is a DaemonSet), then commits that change one each. */
export function largeRepository(size: {
	readonly manifests: number
	readonly commits: number
	readonly nodes: number
}): LargeRepository {
	const path = mkdtempSync(join(tmpdir(), "rollcall-large-"))
	git(path, ["init", "--quiet", "--bare", "--initial-branch=main"])
	const stream: string[] = []
	const commit = (index: number, files: readonly (readonly [string, string])[]): void => {
		const when = `${FIRST_COMMIT_S + index * 60} +0000`
		stream.push(`commit refs/heads/main\ncommitter Ada <ada@example.org> ${when}\ndata <<END\ncommit ${index}\nEND\n`)
		for (const [name, text] of files) stream.push(`M 100644 inline ${name}\ndata ${Buffer.byteLength(text)}\n${text}\n`)
	}
	const all = Array.from({ length: size.manifests }, (_, index) => [pathOf(index), manifestOf(index, 0)] as const)
	commit(0, [["nodes/pool.yaml", poolOf(size.nodes)], ...all])
	for (let index = 1; index <= size.commits; index++) {
		const changed = (index * 7919) % size.manifests
		commit(index, [[pathOf(changed), manifestOf(changed, index)]])
	}
	git(path, ["fast-import", "--quiet"], stream.join(""))
	return { path, ...size }
}

/** Moves the branch one commit on, as a push does: `manifest` gets another image or value. Returns when the ref moved, by `performance.now()`. */
export function changeOne({ path }: LargeRepository, manifest: number, version: number): number {
	const text = manifestOf(manifest, version)
	git(
		path,
		["fast-import", "--quiet", "--force"],
		[
			`commit refs/heads/next\ncommitter Ada <ada@example.org> ${FIRST_COMMIT_S + 10_000_000 + version} +0000\ndata <<END\nchange ${version}\nEND\nfrom refs/heads/main^0\n`,
			`M 100644 inline ${pathOf(manifest)}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
		].join(""),
	)
	git(path, ["update-ref", "refs/heads/main", "refs/heads/next"])
	return performance.now()
}

export function isDaemonSet(manifest: number): boolean {
	return manifest % 50 === 0
}

function pathOf(index: number): string {
	return `apps/${String(index % 97).padStart(2, "0")}/manifest-${index}.yaml`
}

function manifestOf(index: number, version: number): string {
	return isDaemonSet(index) ? daemonSetOf(index, version) : configMapOf(index, version)
}

function daemonSetOf(index: number, version: number): string {
	return `# Agent ${index}
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent-${index}
  namespace: agents
  labels:
    app: agent-${index}
spec:
  selector:
    matchLabels:
      app: agent-${index}
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 10%
  template:
    metadata:
      labels:
        app: agent-${index}
    spec:
      containers:
      - name: agent
        image: registry.example/agent-${index}:${version}
        resources:
          requests:
            cpu: 1m
            memory: 1Mi
`
}

function configMapOf(index: number, version: number): string {
	const lines = Array.from({ length: 20 }, (_, line) => `  key-${line}: "value ${line} of ${index}"\n`).join("")
	return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config-${index}\n  namespace: agents\ndata:\n  version: "${version}"\n${lines}`
}

function poolOf(nodes: number): string {
	return `apiVersion: v1
kind: Namespace
metadata:
  name: agents
---
apiVersion: simulation.rollcall.dev/v1alpha1
kind: NodePool
metadata:
  name: workers
spec:
  replicas: ${nodes}
  template:
    status:
      allocatable: {cpu: "16", memory: 64Gi, pods: "250"}
`
}

function git(path: string, words: readonly string[], input = ""): string {
	const { status, stdout, stderr } = spawnSync("git", ["-C", path, ...words], {
		input,
		encoding: "utf8",
		maxBuffer: 1 << 28,
	})
	if (status !== 0) throw new Error(`git ${words.join(" ")}: ${stderr}`)
	return stdout
}
