import type { Kustomization } from "./contract.ts"
import { resolvePath } from "./kustomize.ts"

type Placed = { readonly path: string; readonly kustomization: Kustomization }

/**
 * The files that are not read as they stand, each with the kustomization that is why: all that one with transformers
 * takes in, through other kustomizations too, and the patches and inputs of every one. They may belong to several.
 */
export function leftOutFiles(kustomizations: readonly Placed[]): ReadonlyMap<string, string> {
	const byFolder = new Map(kustomizations.map((placed) => [folderOf(placed.path), placed]))
	const leftOut = new Map<string, string>()
	for (const { path, kustomization } of kustomizations) {
		for (const input of resolved(path, kustomization.inputs)) leftOut.set(input, leftOut.get(input) ?? path)
	}
	for (const placed of kustomizations) {
		if (placed.kustomization.transformers.length > 0) takeIn(placed, placed.path, byFolder, leftOut, new Set())
	}
	return leftOut
}

function takeIn(
	{ path, kustomization }: Placed,
	because: string,
	byFolder: ReadonlyMap<string, Placed>,
	leftOut: Map<string, string>,
	seen: Set<string>,
): void {
	if (seen.has(path)) return
	seen.add(path)
	for (const resource of resolved(path, kustomization.resources)) {
		const inner = byFolder.get(resource)
		if (inner !== undefined) takeIn(inner, because, byFolder, leftOut, seen)
		else if (!leftOut.has(resource)) leftOut.set(resource, because)
	}
}

function resolved(path: string, names: readonly string[]): string[] {
	return names.flatMap((name) => resolvePath(path, name) ?? [])
}

function folderOf(path: string): string {
	return path.slice(0, Math.max(path.lastIndexOf("/"), 0))
}
