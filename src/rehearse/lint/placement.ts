import { compileSelector, type DaemonSet, keyOf, type Toleration } from "../../kube/index.ts"
import { containersOf, type Lint, type LintContext, nameOf, standingOf, warning } from "./context.ts"

/** A priority above this is for what a node cannot be without. */
const NODE_CRITICAL = 2_000_001_000
/** Taints that Kubernetes puts and takes by itself: to tolerate them is never in vain. */
const KUBERNETES_TAINTS = /^(node\.kubernetes\.io|node\.cloudprovider\.kubernetes\.io)\//

/** A DaemonSet that no node is for. */
export function* noNode(daemonSet: DaemonSet, context: LintContext): Iterable<Lint> {
	const standing = standingOf(daemonSet, context)
	if (standing === undefined || standing.desired > 0) return
	const [most] = standing.leftOut
	if (most === undefined) return
	const why = most.reason === "selector" ? "its node selector or affinity" : `the taint ${most.reason}`
	yield warning("matches-no-node", `no node is for it: ${why} keeps ${most.nodes} out`)
}

/** A toleration for a taint that no node has. */
export function* idleTolerations(daemonSet: DaemonSet, { cluster }: LintContext): Iterable<Lint> {
	const { tolerations = [] } = daemonSet.spec.template.spec
	if (tolerations.length === 0) return
	const taints = [...cluster.nodeKinds()].flatMap((kind) => kind.taints)
	for (const [index, toleration] of tolerations.entries()) {
		if (toleration.key === undefined || toleration.key === "" || KUBERNETES_TAINTS.test(toleration.key)) continue
		if (taints.some(({ key, value = "", effect }) => isFor(toleration, key, value, effect))) continue
		const { key, value, effect } = toleration
		const said = `${key}${value === undefined ? "" : `=${value}`}${effect === undefined ? "" : `:${effect}`}`
		yield {
			code: "tolerates-no-taint",
			severity: "info",
			message: `no node has the taint ${said} that it tolerates`,
			field: `spec.template.spec.tolerations[${index}]`,
		}
	}
}

function isFor(toleration: Toleration, key: string, value: string, effect: string): boolean {
	if (toleration.key !== key) return false
	if (toleration.effect !== undefined && toleration.effect !== "" && toleration.effect !== effect) return false
	return toleration.operator === "Exists" || (toleration.value ?? "") === value
}

/** A budget that lets all pods go at once. */
export function* everythingAtOnce(daemonSet: DaemonSet, context: LintContext): Iterable<Lint> {
	const standing = standingOf(daemonSet, context)
	const budget = standing?.budget
	if (standing === undefined || budget === undefined || budget.of !== "maxUnavailable") return
	if (standing.desired < 2 || budget.size < standing.desired) return
	const field = "spec.updateStrategy.rollingUpdate.maxUnavailable"
	const given = String(daemonSet.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? budget.size)
	yield warning("everything-at-once", `maxUnavailable ${given} is all of its ${standing.desired} nodes at once`, field)
}

/** A surge beside a port of the node: the new pod waits for the old one, and the old one for the new. */
export function* surgeWithHostPort(daemonSet: DaemonSet, context: LintContext): Iterable<Lint> {
	const ports = hostPortsOf(daemonSet)
	if (ports.length === 0 || standingOf(daemonSet, context)?.budget?.of !== "maxSurge") return
	const field = "spec.updateStrategy.rollingUpdate.maxSurge"
	yield warning(
		"surge-with-host-port",
		`maxSurge with the host port ${ports[0]?.text} never finishes: both pods want it`,
		field,
	)
}

/** Two DaemonSets that want the same port of the same nodes. */
export function* hostPortClash(daemonSet: DaemonSet, { cluster }: LintContext): Iterable<Lint> {
	const mine = hostPortsOf(daemonSet)
	if (mine.length === 0) return
	for (const other of cluster.list({ group: "apps", kind: "DaemonSet" }) as Iterable<DaemonSet>) {
		if (keyOf(other) === keyOf(daemonSet)) continue
		const clash = mine.find((port) => hostPortsOf(other).some((theirs) => isSamePort(port, theirs)))
		if (clash === undefined) continue
		const node = cluster.sharedNode(keyOf(daemonSet), keyOf(other))
		if (node === undefined) continue
		yield warning(
			"host-port-clash",
			`DaemonSet ${nameOf(other)} wants the host port ${clash.text} too, on ${node} and where else both go`,
		)
	}
}

type HostPort = { readonly port: number; readonly protocol: string; readonly ip: string; readonly text: string }

function hostPortsOf(daemonSet: DaemonSet): HostPort[] {
	return containersOf(daemonSet).flatMap(({ ports = [] }) =>
		ports.flatMap(({ hostPort, protocol = "TCP", hostIP = "" }) =>
			hostPort === undefined || hostPort === 0
				? []
				: [{ port: hostPort, protocol, ip: hostIP, text: `${hostPort}/${protocol}` }],
		),
	)
}

function isSamePort(a: HostPort, b: HostPort): boolean {
	const anywhere = (ip: string): boolean => ip === "" || ip === "0.0.0.0" || ip === "::"
	return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || anywhere(a.ip) || anywhere(b.ip))
}

/** Two DaemonSets of which one selects the other's pods: they fight over them. */
export function* overlappingSelectors(daemonSet: DaemonSet, { cluster }: LintContext): Iterable<Lint> {
	const { namespace = "" } = daemonSet.metadata
	const selector = compileSelector(daemonSet.spec.selector)
	if ("error" in selector) return
	for (const other of cluster.list({ group: "apps", kind: "DaemonSet", namespace }) as Iterable<DaemonSet>) {
		if (other.metadata.name === daemonSet.metadata.name) continue
		if (!selector.matches(other.spec.template.metadata?.labels ?? {})) continue
		yield warning("selectors-overlap", `it selects the pods of DaemonSet ${nameOf(other)} as well`, "spec.selector")
	}
}

/** A priority above what Kubernetes keeps for its own. */
export function* outranksNodeCritical(daemonSet: DaemonSet): Iterable<Lint> {
	const { priority } = daemonSet.spec.template.spec
	if (priority === undefined || priority <= NODE_CRITICAL) return
	yield warning(
		"outranks-node-critical",
		`its priority ${priority} is above that of system-node-critical`,
		"spec.template.spec.priority",
	)
}
