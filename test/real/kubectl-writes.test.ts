import { execFile } from "node:child_process"
import { describe, expect, test } from "vitest"
import { hasKubectl, isRecentKubectl } from "../builders/kubectl.ts"
import { configMap } from "../builders/objects.ts"
import { started } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"
import { INPUTS } from "./kubectl/recording.ts"

function run(command: string, config: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
	const env = { PATH: process.env["PATH"], HOME: temporaryDirectory(), KUBECONFIG: config, ...more }
	return new Promise((resolve) => {
		execFile("bash", ["-c", command], { env, cwd: INPUTS }, (failure, out, err) => {
			const stderr = err === "" ? "" : `--- stderr ---\n${err}`
			resolve(`${out}${stderr}--- exit ${failure?.code ?? 0} ---`)
		})
	})
}

async function running(drift: string) {
	const repo = repository()
	const state = temporaryDirectory()
	repo.commit("one", { "settings.yaml": [configMap("settings", { level: "info" })] })
	const words = ["run", repo.path, "--state", state, "--fleet", `${INPUTS}/nodes.json`]
	const program = started([...words, "--drift", drift, "--speed", "20", "--log-format", "json"])
	await program.prints(/commit-applied/)
	return (command: string, env?: Readonly<Record<string, string>>) => run(command, `${state}/kubeconfig`, env)
}

describe.skipIf(!hasKubectl())("kubectl writes to rollcall run (skipped where there is none on the PATH)", () => {
	test.skipIf(!isRecentKubectl())(
		"by its other commands, too (skipped before kubectl v1.30)",
		async () => {
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
		},
		60_000,
	)

	// These come as protobuf, whatever the server says that it reads.
	test.skipIf(!isRecentKubectl())(
		"of all that kubectl create makes in its own words (skipped before kubectl v1.30)",
		async () => {
			const kubectl = await running("ignore")
			for (const [words, made] of [
				["deployment web --image=nginx --port=80", "deployment.apps/web"],
				["job once --image=nginx -- sleep 1", "job.batch/once"],
				["cronjob often --image=nginx --schedule='*/5 * * * *'", "cronjob.batch/often"],
				["role reader --verb=get --resource=pods", "role.rbac.authorization.k8s.io/reader"],
				["clusterrole reader --verb=get --resource=pods", "clusterrole.rbac.authorization.k8s.io/reader"],
				["rolebinding ada --role=reader --user=ada", "rolebinding.rbac.authorization.k8s.io/ada"],
				["clusterrolebinding ada --clusterrole=reader --user=ada", "clusterrolebinding.rbac.authorization.k8s.io/ada"],
				["quota few --hard=pods=3,cpu=2", "resourcequota/few"],
				["pdb web --selector=app=web --min-available=0", "poddisruptionbudget.policy/web"],
				["ingress web --rule=web.io/=web:80", "ingress.networking.k8s.io/web"],
				["service clusterip web --tcp=80:80", "service/web"],
				["service externalname other --external-name=other.io", "service/other"],
				["serviceaccount ada", "serviceaccount/ada"],
				["priorityclass none --value=0", "priorityclass.scheduling.k8s.io/none"],
			]) {
				expect(await kubectl(`kubectl create ${words} 2>/dev/null`)).toBe(`${made} created\n--- exit 0 ---`)
			}
			expect(await kubectl("kubectl get quota few -o jsonpath={.spec.hard}")).toBe(
				'{"cpu":"2","pods":"3"}--- exit 0 ---',
			)
			expect(await kubectl("kubectl get pdb web -o jsonpath={.spec.minAvailable}")).toBe("0--- exit 0 ---")
		},
		60_000,
	)

	test("and is warned where it changes what git has", async () => {
		const kubectl = await running("heal")
		expect(await kubectl(`kubectl patch cm settings -p '{"data":{"level":"debug"}}'`)).toBe(
			"configmap/settings patched\n--- stderr ---\nWarning: data.level of ConfigMap default/settings is kept in git: put back\n--- exit 0 ---",
		)
		expect(await kubectl("kubectl get cm settings -o jsonpath={.data.level}")).toBe("info--- exit 0 ---")
	})
})
