import { readFileSync } from "node:fs"
import { isDeepStrictEqual } from "node:util"
import {
	AppsV1Api,
	CoreV1Api,
	type Informer,
	type KubernetesListObject,
	type KubernetesObject,
	makeInformer,
	type ObjectCache,
	type V1DaemonSet,
	Watch,
} from "@kubernetes/client-node"
import { describe, expect, test } from "vitest"
import { AGENT, agent, NODES, ServedRun } from "../builders/served-run.ts"

type Following<Item> = Pick<ObjectCache<Item>, "get"> & {
	/** What it holds, by uid, at which version. */
	readonly held: () => readonly string[]
	/** Resolves when it holds what a list gives. */
	readonly caughtUp: () => Promise<void>
	readonly told: readonly string[]
	/** What was told that cannot be. */
	readonly wrong: readonly string[]
	/** Resolves when this holds, looked at after everything that is told. */
	readonly until: (holds: () => boolean) => Promise<void>
	readonly lists: () => number
	readonly stop: () => void
}

/** Follows a kind as programs do: by an informer that is started again whenever the connection broke. */
function follow<Item extends KubernetesObject>(
	server: ServedRun,
	path: string,
	list: () => Promise<KubernetesListObject<Item>>,
): Following<Item> {
	let lists = 0
	const informer: Informer<Item> & ObjectCache<Item> = makeInformer(server.config, path, () => {
		lists++
		return list()
	})
	const versions = new Map<string, number>()
	const told: string[] = []
	const wrong: string[] = []
	const looking = new Set<() => void>()
	const hear = (verb: "add" | "update" | "delete", { metadata }: Item): void => {
		const { uid = "", name, resourceVersion } = metadata ?? {}
		const [before, version] = [versions.get(uid), Number(resourceVersion)]
		const isRight =
			verb === "add" ? before === undefined : before !== undefined && (verb === "delete" || version > before)
		if (!isRight) wrong.push(`${verb} ${name} ${before} ${version}`)
		if (verb === "delete") versions.delete(uid)
		else versions.set(uid, version)
		told.push(`${verb} ${uid}`)
		for (const look of looking) look()
	}
	for (const verb of ["add", "update", "delete"] as const) informer.on(verb, (object) => hear(verb, object))
	let isStopped = false
	informer.on("error", async () => {
		await server.listens
		if (!isStopped) await informer.start()
	})
	void informer.start()
	const named = (items: readonly Item[]): readonly string[] =>
		items.map((item) => `${item.metadata?.uid} ${item.metadata?.resourceVersion}`).sort()
	const held = () => named(informer.list())
	const until = (holds: () => boolean): Promise<void> =>
		new Promise((resolve) => {
			const look = (): void => {
				if (!holds()) return
				looking.delete(look)
				resolve()
			}
			looking.add(look)
			look()
		})
	return {
		get: (name, namespace) => informer.get(name, namespace),
		held,
		told,
		wrong,
		until,
		caughtUp: async () => {
			for (;;) {
				const before = told.length
				const there = named((await list()).items)
				if (isDeepStrictEqual(held(), there)) return
				await until(() => told.length > before)
			}
		},
		lists: () => lists,
		stop: () => {
			isStopped = true
			void informer.stop()
		},
	}
}

function runs(image: string, set: V1DaemonSet | undefined): boolean {
	const { observedGeneration, updatedNumberScheduled, numberAvailable } = set?.status ?? {}
	const isSeen = observedGeneration === set?.metadata?.generation
	const isAsked = set?.spec?.template.spec?.containers[0]?.image === image
	return isSeen && isAsked && updatedNumberScheduled === NODES && numberAvailable === NODES
}

describe("informers of the official JavaScript client", () => {
	const served = async () => {
		const server = new ServedRun()
		await server.ready()
		const { config } = server
		return { server, core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api) }
	}

	test("that follow rollouts over stops and kills hold in the end what is there, and are told nothing that cannot be", async () => {
		const { server, core, apps } = await served()
		const everything = {
			pods: follow(server, "/api/v1/pods", () => core.listPodForAllNamespaces()),
			sets: follow(server, "/apis/apps/v1/daemonsets", () => apps.listDaemonSetForAllNamespaces()),
			nodes: follow(server, "/api/v1/nodes", () => core.listNode()),
			events: follow(server, "/api/v1/events", () => core.listEventForAllNamespaces()),
			revisions: follow(server, "/apis/apps/v1/controllerrevisions", () =>
				apps.listControllerRevisionForAllNamespaces(),
			),
		}
		const { pods } = everything
		await pods.until(() => pods.held().length === NODES)
		const kubeconfig = readFileSync(`${server.state}/kubeconfig`, "utf8")
		const deleted = (): number => pods.told.filter((word) => word.startsWith("delete")).length
		const signals = ["SIGINT", "SIGKILL", "SIGKILL", "SIGINT"] as const
		for (const [turn, signal] of signals.entries()) {
			const before = deleted()
			server.repo.commit(`agent ${turn + 2}`, agent(`agent:${turn + 2}`))
			await pods.until(() => deleted() >= before + 4)
			await server.restart(signal)
		}
		expect(readFileSync(`${server.state}/kubeconfig`, "utf8")).toBe(kubeconfig)

		const last = `agent:${signals.length + 1}`
		await everything.sets.until(() => runs(last, everything.sets.get(AGENT.name, AGENT.namespace)))
		for (const [kind, following] of Object.entries(everything)) {
			await following.caughtUp()
			expect([kind, following.wrong]).toEqual([kind, []])
		}
		// Each pod of the first version, and every one since that was told.
		expect(deleted()).toBeGreaterThanOrEqual(NODES)
		// Anew after each start, and once more where that was cut short by the next.
		expect(pods.lists()).toBeLessThanOrEqual(1 + 2 * signals.length)
		for (const { stop } of Object.values(everything)) stop()
	})

	test("go on from the version of a list that was made before a restart where nothing was written since, else list anew", async () => {
		const { server, core } = await served()
		const path = "/api/v1/namespaces/default/configmaps"
		const versionNow = async () =>
			(await core.listNamespacedConfigMap({ namespace: "default" })).metadata?.resourceVersion ?? ""
		/** The first that a watch from there is told; `begun` resolves when it has begun. */
		const firstFrom = (resourceVersion: string) => {
			let begun: Promise<unknown> = Promise.resolve()
			const first = new Promise((resolve, reject) => {
				const hear = (type: string, { metadata, code }: KubernetesObject & { code?: number }): void =>
					resolve([type, code ?? metadata?.name])
				begun = new Watch(server.config).watch(path, { resourceVersion }, hear, reject)
			})
			return { begun, first }
		}
		for (;;) {
			const before = await versionNow()
			await server.restart("SIGINT")
			// From here on the kind is followed.
			const after = await versionNow()
			const { begun, first } = firstFrom(before)
			await begun
			if (after === before) {
				await core.createNamespacedConfigMap({ namespace: "default", body: { metadata: { name: "one" } } })
				expect(await first).toEqual(["ADDED", "one"])
				return
			}
			expect(await first).toEqual(["ERROR", 410])
		}
	})

	test("list anew where their version is known no more", async () => {
		const { server } = await served()
		const type = await new Promise((resolve, reject) => {
			const hear = (type: string, { code }: { code?: number }): void => resolve([type, code])
			new Watch(server.config).watch("/api/v1/pods", { resourceVersion: "1" }, hear, reject).catch(reject)
		})
		expect(type).toEqual(["ERROR", 410])
	})
})
