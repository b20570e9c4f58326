import {
	type Column,
	columnsOf,
	type DefinedKind,
	definedKinds,
	KINDS,
	type Kind,
	type KubeObject,
	keyParts,
	type ObjectKey,
	resolveKind,
} from "../../kube/index.ts"

/** The kind that a word means, stored CustomResourceDefinitions included; undefined where there is none. */
export function kindOfWord(word: string, definitions: () => Iterable<KubeObject>): Kind | DefinedKind | undefined {
	const known = resolveKind(word)
	if (known) return known
	const [name = "", ...group] = word.toLowerCase().split(".")
	for (const definition of definitions()) {
		const [kind] = definedKinds(definition)
		if (!kind || (group.length > 0 && group.join(".") !== kind.group)) continue
		if ([kind.plural, kind.singular, ...kind.shortNames].includes(name)) return kind
	}
	return undefined
}

/** What the server prints of a kind. */
export function columnsFor(kind: Kind | DefinedKind): readonly Column[] {
	return "columns" in kind ? kind.columns : columnsOf(kind.group, kind.kind)
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
