import { KINDS, type Kind, type KubeObject, keyParts, type ObjectKey, resolveKind } from "../../kube/index.ts"

/** The kind that a word means, stored CustomResourceDefinitions included; undefined where there is none. */
export function kindOfWord(word: string, definitions: () => Iterable<KubeObject>): Kind | undefined {
	const known = resolveKind(word)
	if (known) return known
	const [name = "", ...group] = word.toLowerCase().split(".")
	for (const definition of definitions()) {
		const kind = definedKind(definition)
		if (!kind || (group.length > 0 && group.join(".") !== kind.group)) continue
		if ([kind.plural, kind.singular, ...kind.shortNames].includes(name)) return kind
	}
	return undefined
}

/** The words for the shell's completion. */
export function kindWords(): readonly string[] {
	return [...new Set(KINDS.map((kind) => kind.plural))]
}

/** `daemonset.apps/log-agent`, as `-o name` prints it. */
export function objectName(key: ObjectKey): string {
	const { group, kind, name } = keyParts(key)
	return `${kind.toLowerCase()}${group ? `.${group}` : ""}/${name}`
}

/** `daemonsets.apps`, as error messages name the type. */
export function typeName(kind: Kind): string {
	return kind.group ? `${kind.plural}.${kind.group}` : kind.plural
}

type Definition = {
	readonly group?: unknown
	readonly scope?: unknown
	readonly names?: { readonly kind?: unknown; readonly plural?: unknown; readonly shortNames?: unknown }
}

function definedKind(definition: KubeObject): Kind | undefined {
	const spec = (definition["spec"] ?? {}) as Definition
	const { kind, plural, shortNames } = spec.names ?? {}
	if (typeof spec.group !== "string" || typeof kind !== "string" || typeof plural !== "string") return undefined
	return {
		group: spec.group,
		version: "",
		kind,
		plural: plural.toLowerCase(),
		singular: kind.toLowerCase(),
		shortNames: Array.isArray(shortNames) ? shortNames.map((name) => String(name).toLowerCase()) : [],
		namespaced: spec.scope === "Namespaced",
	}
}
