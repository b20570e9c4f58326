import { execFile } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { hasKubectl } from "../builders/kubectl.ts"
import { configMap } from "../builders/objects.ts"
import { started } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const folder = fileURLToPath(new URL("../../../shared/reference/kubectl/", import.meta.url))

/** Recorded files in the order that they were played in. */
const FILES =
	"apply apply-again diff apply-v2 set-image rollout-undo rollout-undo-to-revision rollout-restart set-env-resources " +
	"scale patch rollout-pause label-taint cordon-drain errors priorityclass ssa replace-create delete-ds"

/** What only reads is held elsewhere; what a moment decides is not played. */
const NOT_PLAYED = /^kubectl (?:get|describe|rollout history)|--timeout=2s|-o yaml$/

/** All that a real kubectl may print otherwise: the clock's words, folders of its own, and how often it looked. */
const FREEDOMS: readonly (readonly [RegExp, string])[] = [
	[/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+ \+0000|Z)/g, "TIME"],
	[/\/tmp\/(?:[\w.-]+\/)*(LIVE|MERGED)-\d+/g, "/$1"],
	[/^Waiting for daemon set .*\n/gm, ""],
	[/log-agent-[a-z0-9]{5}\b/g, "log-agent-POD"],
	[/^Warning: .*last-applied-configuration annotation.*\n/gm, ""],
]

function plain(text: string): string {
	return FREEDOMS.reduce((all, [pattern, word]) => all.replace(pattern, word), text)
}

/** The commands of a file, each with all that it printed. */
function recordedIn(file: string): { command: string; printed: string }[] {
	const text = readFileSync(`${folder}${file}.txt`, "utf8")
	return [...text.matchAll(/^\$ (kubectl .*)\n([\s\S]*?--- exit \d+ ---)$/gm)].map(
		([, command = "", printed = ""]) => ({
			command,
			printed,
		}),
	)
}

function run(command: string, config: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
	const env = { PATH: process.env["PATH"], HOME: temporaryDirectory(), KUBECONFIG: config, ...more }
	return new Promise((resolve) => {
		execFile("bash", ["-c", command], { env, cwd: `${folder}inputs` }, (failure, out, err) => {
			const stderr = err === "" ? "" : `--- stderr ---\n${err}`
			resolve(`${out}${stderr}--- exit ${failure?.code ?? 0} ---`)
		})
	})
}

async function running(drift: string) {
	const repo = repository()
	const state = temporaryDirectory()
	repo.commit("one", { "settings.yaml": [configMap("settings", { level: "info" })] })
	const words = ["run", repo.path, "--state", state, "--fleet", `${folder}inputs/nodes.json`]
	const program = started([...words, "--drift", drift, "--speed", "20", "--log-format", "json"])
	await program.prints(/commit-applied/)
	return (command: string, env?: Readonly<Record<string, string>>) => run(command, `${state}/kubeconfig`, env)
}

const ready = existsSync(folder) && hasKubectl()

describe.skipIf(!ready)("kubectl writes to rollcall run (skipped without kubectl on the PATH, or ../shared)", () => {
	test("and is answered as it was by Kubernetes, command by command", async () => {
		const kubectl = await running("ignore")
		let count = 0
		for (const file of FILES.split(" ")) {
			if (file !== "apply") await kubectl("kubectl rollout status ds/log-agent")
			for (const { command, printed } of recordedIn(file)) {
				if (NOT_PLAYED.test(command)) continue
				expect(`$ ${command}\n${plain(await kubectl(command))}`).toBe(`$ ${command}\n${plain(printed)}`)
				count++
			}
		}
		expect(count).toBeGreaterThan(70)
	}, 180_000)

	test("by its other commands, too", async () => {
		const kubectl = await running("ignore")
		const said = async (command: string, env?: Readonly<Record<string, string>>) =>
			(await kubectl(`kubectl ${command}`, env)).replace(/\n?--- exit 0 ---$/, "")
		expect(await said("create ns one")).toBe("namespace/one created")
		expect(await said("create cm two -n one --from-literal a=b")).toBe("configmap/two created")
		expect(await said("create secret generic three --from-literal a=b")).toBe("secret/three created")
		expect(await said("create priorityclass four --value 7")).toBe("priorityclass.scheduling.k8s.io/four created")
		expect(await said("get cm two -n one -o jsonpath='{.data}'")).toBe('{"a":"b"}')
		expect(await said("run web --image=nginx --labels=app=web")).toBe("pod/web created")
		expect(await said("wait --for=condition=Ready pod/web --timeout=20s")).toBe("pod/web condition met")
		expect(await said("edit cm settings", { KUBE_EDITOR: "sed -i s/info/debug/" })).toBe("configmap/settings edited")
		expect(await said("get cm settings -o jsonpath={.data.level}")).toBe("debug")
		expect(
			await said("create pdb web --selector=app=web --min-available=1 --dry-run=client -o json | kubectl apply -f -"),
		).toBe("poddisruptionbudget.policy/web created")
		const node = await said("get pod web -o jsonpath={.spec.nodeName}")
		expect(await said(`drain ${node} --force --timeout=1s`)).toContain("it would violate the pod's disruption budget")
		expect(await said("delete pdb web")).toBe('poddisruptionbudget.policy "web" deleted')
		expect(await said(`drain ${node} --force --timeout=20s`)).toContain(`node/${node} drained`)
		expect(await said("auth can-i --list")).toContain("*.*")
		expect(await said("delete ns one --timeout=20s")).toBe('namespace "one" deleted')
		expect(await said("--context rollcall-read-only delete cm settings")).toContain(
			'configmaps "settings" is forbidden: User "rollcall-read-only" cannot delete resource "configmaps"',
		)
	}, 60_000)

	test("and is warned where it changes what git has", async () => {
		const kubectl = await running("heal")
		expect(await kubectl(`kubectl patch cm settings -p '{"data":{"level":"debug"}}'`)).toBe(
			"configmap/settings patched\n--- stderr ---\nWarning: data.level of ConfigMap default/settings is kept in git: put back\n--- exit 0 ---",
		)
		expect(await kubectl("kubectl get cm settings -o jsonpath={.data.level}")).toBe("info--- exit 0 ---")
	})
})
