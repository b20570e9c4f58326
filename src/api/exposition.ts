import type { Cluster } from "../cluster/index.ts"
import type { DaemonSet } from "../kube/index.ts"
import type { Answer } from "./ask.ts"

type Labels = { readonly [name: string]: string }
type Sample = readonly [labels: Labels, value: number]

/** Requests that were answered, by method and status code. */
export class RequestCount {
	readonly #counts = new Map<string, number>()

	add(method: string, code: number): void {
		// Whoever makes words up does not make the list long.
		const known = METHODS.has(method) ? method : "other"
		const key = `${known} ${code}`
		this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
	}

	samples(): readonly Sample[] {
		return Array.from(this.#counts, ([key, count]) => {
			const [method = "", code = ""] = key.split(" ")
			return [{ method, code }, count] as const
		})
	}
}

const METHODS: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"])

/** `/metrics`, in Prometheus' text format. */
export function exposition(cluster: Cluster | undefined, requests: RequestCount, watches: number): Answer {
	const lines = [
		...metric("rollcall_api_requests_total", "counter", "Requests of the API that were answered.", requests.samples()),
		...metric("rollcall_api_watches", "gauge", "Clients that watch something now.", [[{}, watches]]),
		...(cluster === undefined ? [] : ofCluster(cluster)),
	]
	return {
		status: 200,
		headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
		body: lines.map((line) => `${line}\n`).join(""),
	}
}

const STATUS: readonly (readonly [name: string, field: keyof NonNullable<DaemonSet["status"]>, help: string])[] = [
	["desired", "desiredNumberScheduled", "Nodes that should run the DaemonSet."],
	["updated", "updatedNumberScheduled", "Nodes with a pod of its newest template."],
	["available", "numberAvailable", "Nodes with an available pod of it."],
	["misscheduled", "numberMisscheduled", "Nodes that run it and should not."],
]

function ofCluster(cluster: Cluster): readonly string[] {
	const daemonSets = [...cluster.list({ group: "apps", kind: "DaemonSet" })] as DaemonSet[]
	return [
		...metric("rollcall_cluster_time_seconds", "gauge", "Cluster time, since 1970.", [[{}, cluster.now() / 1000]]),
		...metric("rollcall_facts_total", "counter", "What happened in the cluster so far.", [[{}, cluster.sequence()]]),
		...STATUS.flatMap(([name, field, help]) =>
			metric(
				`rollcall_daemonset_${name}`,
				"gauge",
				help,
				daemonSets.map(({ metadata, status }) => [
					{ namespace: metadata.namespace ?? "", daemonset: metadata.name },
					Number(status?.[field] ?? 0),
				]),
			),
		),
	]
}

function metric(name: string, type: "counter" | "gauge", help: string, samples: readonly Sample[]): readonly string[] {
	const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}`)
	return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines]
}

function labelText(labels: Labels): string {
	const pairs = Object.entries(labels).map(
		([name, value]) => `${name}="${value.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n")}"`,
	)
	return pairs.length === 0 ? "" : `{${pairs.join(",")}}`
}
