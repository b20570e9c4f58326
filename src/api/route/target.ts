import type { Cluster } from "../../cluster/index.ts"
import { findResource, type Resource } from "./resources.ts"

/** What a path under `/api` or `/apis` is about. */
export type Target = {
	readonly resource: Resource
	/** Empty for all namespaces, and for what lives in none. */
	readonly namespace: string
	/** Empty for the whole collection. */
	readonly name: string
	/** Empty for the object itself. */
	readonly subresource: string
	/** The path itself asks for a watch, as old clients do: `/api/v1/watch/pods`. */
	readonly isWatch: boolean
}

/** The parts between slashes, decoded; undefined where one is empty or no text. Nothing climbs: they are only names. */
export function segmentsOf(path: string): readonly string[] | undefined {
	const parts = path.replace(/^\//, "").replace(/\/$/, "").split("/")
	try {
		const decoded = parts.map(decodeURIComponent)
		const isWrong = (part: string) => part === "" || /[/\\\0]/.test(part)
		return decoded.some(isWrong) ? undefined : decoded
	} catch {
		return undefined
	}
}

/** `/api/v1/namespaces/default/pods/x/log`, `/apis/apps/v1/daemonsets`; undefined where nothing is served there. */
export function targetOf(segments: readonly string[], cluster: Cluster | undefined): Target | undefined {
	const [root, ...rest] = segments
	const [group, version = "", ...after] = root === "api" ? ["", ...rest] : rest
	if (group === undefined || (root !== "api" && (root !== "apis" || group === ""))) return undefined
	const isWatch = after[0] === "watch"
	const path = isWatch ? after.slice(1) : after
	const target = targetAt(path, (plural) => findResource(cluster, group, version, plural))
	if (target === undefined) return undefined
	const { resource, subresource } = target
	const isThere = subresource === "" || resource.subresources.some(({ name }) => name === subresource)
	return isThere && !(isWatch && subresource !== "") ? { ...target, isWatch } : undefined
}

function targetAt(
	path: readonly string[],
	find: (plural: string) => Resource | undefined,
): Omit<Target, "isWatch"> | undefined {
	if (path[0] === "namespaces" && path.length > 2) {
		const [, namespace = "", plural = "", name = "", subresource = "", ...more] = path
		const resource = find(plural)
		if (resource?.namespaced === true && more.length === 0) return { resource, namespace, name, subresource }
	}
	const [plural = "", name = "", subresource = "", ...more] = path
	const resource = find(plural)
	if (resource === undefined || more.length > 0 || (resource.namespaced && name !== "")) return undefined
	return { resource, namespace: "", name, subresource }
}

/** Why no object can have the name, as the server says it. */
export function nameProblem(name: string): string | undefined {
	const because = (problem: string): string => `Name parameter invalid: ${JSON.stringify(name)}: ${problem}`
	if (name === "." || name === "..") return because(`may not be '${name}'`)
	return name.includes("%") ? because("may not contain '%'") : undefined
}
