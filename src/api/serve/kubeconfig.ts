import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Access } from "./credentials.ts"

/** Beside the credentials: what reaches the API as it was served last. */
export const KUBECONFIG = "kubeconfig"

/** What a client needs to know. */
export type Way = {
	/** The state directory. */
	readonly state: string
	/** `https://127.0.0.1:41234`. */
	readonly server: string
	/** Of the certificate authority, in PEM. */
	readonly authority: string
	readonly tokens: { readonly [access in Access]: string }
}

/** As kubectl has it. */
export type Kubeconfig = {
	readonly apiVersion: "v1"
	readonly kind: "Config"
	readonly clusters: readonly Named<"cluster", ClusterEntry>[]
	readonly users: readonly Named<"user", { token: string }>[]
	readonly contexts: readonly Named<"context", { cluster: string; user: string; namespace: string }>[]
	readonly "current-context": string
}
type Named<Member extends string, Value> = { readonly name: string } & { readonly [name in Member]: Readonly<Value> }

type ClusterEntry = {
	readonly server: string
	readonly "certificate-authority-data": string
	readonly extensions: readonly Named<"extension", Whereabouts>[]
}

/** In a cluster's extensions, under `EXTENSION`: which state directory it is of, and which moment. */
export type Whereabouts = { readonly state: string; readonly at?: string }
export const EXTENSION = "rollcall.dev"

/** Two contexts: `name`, which may write, and `name-read-only`. */
export function kubeconfigOf(way: Way, name = "rollcall"): Kubeconfig {
	const { server, tokens } = way
	const reader = `${name}-read-only`
	const context = (user: string) => ({ name: user, context: { cluster: name, user, namespace: "default" } })
	const users = [
		{ name, user: { token: tokens.write } },
		{ name: reader, user: { token: tokens.read } },
	]
	const clusters = [{ name, cluster: clusterAt(server, way, {}) }]
	const contexts = [context(name), context(reader)]
	return { apiVersion: "v1", kind: "Config", clusters, users, contexts, "current-context": name }
}

/**
 * One context, `name@label`, whose server is the cluster of a moment: `when` is how its path names that, a commit's whole
 * id or a time.
 */
export function kubeconfigAt(
	way: Way,
	{ when, label }: { readonly when: string; readonly label: string },
	name = "rollcall",
): Kubeconfig {
	const [context, user] = [`${name}@${label}`, `${name}-read-only`]
	return {
		apiVersion: "v1",
		kind: "Config",
		clusters: [{ name: context, cluster: clusterAt(`${way.server}/at/${when}`, way, { at: when }) }],
		users: [{ name: user, user: { token: way.tokens.read } }],
		contexts: [{ name: context, context: { cluster: context, user, namespace: "default" } }],
		"current-context": context,
	}
}

/** What the state directory's own kubeconfig says; undefined where the API was never served. Throws where it is damaged. */
export function wayIn(directory: string): Way | undefined {
	const path = join(directory, KUBECONFIG)
	if (!existsSync(path)) return undefined
	const { clusters, users }: Kubeconfig = JSON.parse(readFileSync(path, "utf8"))
	const [cluster, [write, read]] = [clusters[0]?.cluster, users.map(({ user }) => user.token)]
	if (cluster === undefined || write === undefined || read === undefined) throw new SyntaxError("it is not whole")
	const authority = Buffer.from(cluster["certificate-authority-data"], "base64").toString()
	return { state: directory, server: cluster.server, authority, tokens: { write, read } }
}

function clusterAt(server: string, { state, authority }: Way, moment: { readonly at?: string }): ClusterEntry {
	return {
		server,
		"certificate-authority-data": Buffer.from(authority).toString("base64"),
		extensions: [{ name: EXTENSION, extension: { state, ...moment } }],
	}
}
