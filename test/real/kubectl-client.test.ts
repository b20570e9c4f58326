import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { hasKubectl } from "../builders/kubectl.ts"
import { type Started, started } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const folder = fileURLToPath(new URL("../../../shared/reference/kubectl/", import.meta.url))

/**
 * Where a real kubectl may print something else against Rollcall than against the control plane that was recorded: all
 * of it. Each is taken out of both texts.
 */
const FREEDOMS: readonly (readonly [why: string, pattern: RegExp, word: string])[] = [
	["ages are the clock's", /\b\d+[dhms](?:\d+[hms])?\b/g, "AGE"],
	["so are dates", /\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000|"?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"?/g, "DATE"],
	["names of pods are chance's", /log-agent-[a-z0-9]{5}\b/g, "log-agent-POD"],
	[
		"the hash is of a template with its server's own defaults",
		/\b(?:5bc545859f|8489b64b5b|[0-9a-f]{7,10}b?)\b(?=,|\s|$)/gm,
		"HASH",
	],
	["addresses are the network's", /\b\d+\.\d+\.\d+\.\d+\b(?::\d+)?|https?:\/\/\S+/g, "ADDRESS"],
	[
		"uids and versions are the server's",
		/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|resourceVersion: "\d+"|"resourceVersion": "\d+"/g,
		"ID",
	],
	[
		"containers and images are told apart by made-up digests",
		/(?:containerd|docker\.io)\S*[:/][0-9a-f]{64}/g,
		"DIGEST",
	],
	[
		"the machines are others",
		/Fake Linux 1\.0|Rollcall simulated node|6\.1\.0-fake|6\.12\.0|containerd:\/\/\d+\.\d+\.\d+/g,
		"MACHINE",
	],
	["nor have simulated ones a number", /(?:Machine ID|System UUID|Boot ID):.*/g, "MACHINE"],
	["pods go to nodes in the order of chance", /\b(?:worker-\d|cp-1)\b/g, "NODE"],
	["widths follow from all these", /[ \t]+/g, " "],
	["and so do dashes", /-{3,}/g, "---"],
]

/** Lines that only one side has, and why. */
const ONE_SIDED: readonly (readonly [why: string, pattern: RegExp])[] = [
	["applied by git, not by kubectl", /last-applied-configuration|^ *"?\{.*"apiVersion".*"DaemonSet"/],
	["no Service of the control plane's own", /service\/kubernetes|^NAME TYPE CLUSTER-IP/],
	[
		"no service account's volume is mounted",
		/kube-api-access|serviceaccount|ConfigMap|DownwardAPI|TokenExpiration|Projected/,
	],
	["no control plane's annotation on nodes", /^Annotations:|node\.alpha\.kubernetes\.io/],
	["pods pull their images", /Pulling|Pulled/],
	["every kubelet tells that its node is ready", /NodeReady/],
	["empty lines and members around these", /^ ?$|annotations": \{|^ *annotations:$|^ *\},?$/],
]

function normalized(text: string): string[] {
	let plain = text
	for (const [, pattern, word] of FREEDOMS) plain = plain.replace(pattern, word)
	const lines = plain.split("\n").map((line) => line.trimEnd())
	// Rows are in the order of names, which are chance's.
	return lines.filter((line) => !ONE_SIDED.some(([, pattern]) => pattern.test(line))).sort()
}

/** What a recorded command printed, with the name of the pod that it was about. */
function recorded(file: string, command: string): string {
	const text = readFileSync(`${folder}${file}`, "utf8")
	const start = text.indexOf(`$ ${command}\n`)
	if (start < 0) throw new Error(`${command} was not recorded in ${file}`)
	const end = /--- exit \d+ ---/.exec(text.slice(start))
	return text.slice(start + command.length + 3, start + (end?.index ?? 0) + (end?.[0].length ?? 0))
}

const ready = existsSync(folder) && hasKubectl()

describe.skipIf(!ready)("kubectl against rollcall run (skipped without kubectl on the PATH, or ../shared)", () => {
	let repo: Repository
	let run: Started
	let config = ""
	let pod = ""
	const kubectl = (command: string): Promise<string> =>
		new Promise((resolve) => {
			const env = { PATH: process.env["PATH"], HOME: temporaryHome, KUBECONFIG: config }
			const child = spawn("bash", ["-c", command.replaceAll("log-agent-nkg2s", pod)], { env, cwd: `${folder}inputs` })
			let [out, err] = ["", ""]
			child.stdout.on("data", (chunk) => {
				out += chunk
			})
			child.stderr.on("data", (chunk) => {
				err += chunk
			})
			child.on("close", (code) => {
				const tail = `--- exit ${code} ---`
				resolve(`${out}${err === "" ? "" : `--- stderr ---\n${err}`}${tail}`)
			})
		})
	let temporaryHome = ""

	beforeAll(async () => {
		temporaryHome = temporaryDirectory()
		repo = repository()
		const state = temporaryDirectory()
		config = `${state}/kubeconfig`
		repo.commit("initial 1.0", { "ds.yaml": readFileSync(`${folder}inputs/ds.yaml`, "utf8") })
		const words = ["run", repo.path, "--state", state, "--fleet", `${folder}inputs/nodes.json`]
		run = started([...words, "--drift", "ignore", "--speed", "20", "--log-format", "json"])
		await run.prints(/rollout-ended/)
		pod = (await kubectl("kubectl get pods -o name --field-selector spec.nodeName=worker-1")).split("\n")[0] ?? ""
		pod = pod.replace("pod/", "")
	})

	afterAll(async () => {
		run?.process.kill("SIGTERM")
		await run?.ended
	})

	test.each([
		["get-nodes.txt", "kubectl get nodes"],
		["get-nodes.txt", "kubectl get nodes -o wide"],
		["get-nodes.txt", "kubectl get nodes --show-labels"],
		["get-nodes.txt", "kubectl get nodes -L disktype"],
		["get-nodes.txt", "kubectl get nodes -l disktype=ssd"],
		["get-nodes.txt", "kubectl get nodes -o name"],
		["get-nodes.txt", "kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints"],
		["get-ds-none.txt", "kubectl get ds missing"],
		["get-ds.txt", "kubectl get ds"],
		["get-ds.txt", "kubectl get ds -o wide"],
		["get-ds.txt", "kubectl get ds/log-agent --show-labels"],
		["get-ds.txt", "kubectl get ds -A"],
		["get-ds.txt", "kubectl get ds -o name"],
		["get-ds-yaml.txt", "kubectl get ds log-agent -o yaml"],
		["get-ds-json.txt", "kubectl get ds log-agent -o json"],
		["get-pods.txt", "kubectl get pods"],
		["get-pods.txt", "kubectl get pods -o wide"],
		["get-pods.txt", "kubectl get pods -l name=log-agent --show-labels"],
		["get-pods.txt", "kubectl get pods --field-selector spec.nodeName=worker-1"],
		["get-pods.txt", "kubectl get pods --sort-by=.spec.nodeName"],
		["get-all.txt", "kubectl get all"],
		["describe-ds.txt", "kubectl describe ds log-agent"],
		["describe-node.txt", "kubectl describe node worker-1"],
		["describe-node.txt", "kubectl describe node cp-1"],
		["describe-pod.txt", "kubectl describe pod log-agent-nkg2s"],
		["get-controllerrevisions.txt", "kubectl get controllerrevisions"],
		["get-misc.txt", "kubectl get ns"],
		["get-misc.txt", "kubectl get leases -n kube-node-lease"],
		["get-misc.txt", "kubectl get --raw /healthz"],
		["get-misc.txt", "kubectl auth can-i create ds"],
		["version.txt", "kubectl version"],
		["cluster-info.txt", "kubectl cluster-info"],
		["errors.txt", "kubectl get foo"],
		["errors.txt", "kubectl get ds nosuch"],
		["errors.txt", "kubectl rollout status ds/nosuch"],
		["errors.txt", "kubectl rollout undo ds/nosuch"],
		["errors.txt", "kubectl describe ds nosuch"],
		["errors.txt", "kubectl get pods -n nosuch"],
		["errors.txt", "kubectl describe node nosuch"],
	])("%s: %s prints what it prints against a real control plane", async (file, command) => {
		const wanted = normalized(recorded(file, command))
		expect(wanted.length).toBeGreaterThan(0)
		expect(normalized(await kubectl(command))).toEqual(wanted)
	})

	test("explains fields by the API's own schema", async () => {
		const text = await kubectl("kubectl explain ds.spec.updateStrategy.rollingUpdate")
		expect(text).toMatch(/maxUnavailable\s+<IntOrString>/)
		expect(text).toContain("--- exit 0 ---")
		expect(await kubectl("kubectl explain nodepool.spec")).toMatch(/replicas\s+<integer>/)
	})

	test("reads logs and top, and says why not to exec", async () => {
		expect(await kubectl(`kubectl logs ${pod}`)).toBe("agent: started fluentd:1.0\n--- exit 0 ---")
		expect(await kubectl("kubectl top pods")).toMatch(/NAME +CPU\(cores\) +MEMORY\(bytes\)[\s\S]*100m +200Mi/)
		expect(await kubectl("kubectl top nodes")).toMatch(/worker-1 +100m/)
		expect(await kubectl(`kubectl exec ${pod} -- ls`)).toContain("no process runs in it")
	})

	test("follows a rollout: -w, rollout status and rollout history", async () => {
		const watching = kubectl("timeout 12 kubectl get ds log-agent -w")
		await new Promise((resolve) => setTimeout(resolve, 1_500))
		repo.commit("update to 2.0", { "ds.yaml": readFileSync(`${folder}inputs/ds-v2.yaml`, "utf8") })
		await run.prints(/"rollout":2[\s\S]*rollout-ended/)
		expect(await kubectl("kubectl rollout status ds/log-agent")).toBe(
			'daemon set "log-agent" successfully rolled out\n--- exit 0 ---',
		)
		expect((await watching).match(/log-agent/g)?.length).toBeGreaterThan(3)
		for (const command of [
			"kubectl rollout history ds/log-agent",
			"kubectl rollout history ds/log-agent --revision=1",
			"kubectl rollout history ds/log-agent --revision=2",
			"kubectl rollout history ds/log-agent --revision=9",
			"kubectl rollout history ds",
		]) {
			expect(normalized(await kubectl(command))).toEqual(normalized(recorded("rollout-history.txt", command)))
		}
	})
})
