import type { StringMap } from "../kube/index.ts"

/** Labels by which providers name the pool of a node, the surest first. */
const POOL_LABELS = [
	"cloud.google.com/gke-nodepool",
	"karpenter.sh/nodepool",
	"eks.amazonaws.com/nodegroup",
	"alpha.eksctl.io/nodegroup-name",
	"kubernetes.azure.com/agentpool",
	"agentpool",
	"node.kubernetes.io/node-pool",
	"node.kubernetes.io/instance-type",
]
const LONGEST = 52

/** What to call a pool: as its provider does, else what its nodes' names share, else by its role. */
export function poolName(labels: StringMap, nodes: readonly string[]): string {
	for (const label of POOL_LABELS) {
		const name = spelled(labels[label] ?? "")
		if (name !== "") return name
	}
	const shared = spelled(sharedStart(nodes).replace(/[0-9a-f]*$/, ""))
	if (shared.length > 1) return shared
	return Object.keys(labels).some((label) => /^node-role\.kubernetes\.io\/(?:control-plane|master)$/.test(label))
		? "control-plane"
		: "pool"
}

/** The name, or the name with the first number that makes it new; it is taken from then on. */
export function uniqueName(name: string, taken: Set<string>): string {
	let unique = name
	for (let number = 2; taken.has(unique); number++) unique = `${name}-${number}`
	taken.add(unique)
	return unique
}

function sharedStart(names: readonly string[]): string {
	const [first = "", ...others] = names
	let length = names.length === 1 ? first.replace(/[-.]?\d+$/, "").length : first.length
	for (const name of others) while (!name.startsWith(first.slice(0, length))) length--
	return first.slice(0, length)
}

/** As a part of a node's name must be: lower-case letters, digits and dashes. */
function spelled(text: string): string {
	return text
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.slice(0, LONGEST)
		.replace(/^-+|-+$/g, "")
}
