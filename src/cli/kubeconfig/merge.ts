import { Document, isMap, isSeq, parseDocument, type YAMLSeq } from "yaml"
import type { Kubeconfig } from "../compose/index.ts"
import { CliError } from "../failure.ts"

/**
 * A kubeconfig's text with these clusters, users and contexts, and the current one of them; those of the same names are
 * replaced, and all else stays, comments included. Throws a CliError where it is no kubeconfig.
 */
export function merged(text: string, config: Kubeconfig, path: string): string {
	const document = text.trim() === "" ? new Document({ apiVersion: "v1", kind: "Config" }) : parseDocument(text)
	const [error] = document.errors
	if (error !== undefined || !isMap(document.contents)) throw notOne(path, error?.message ?? "it is no map")
	for (const section of ["clusters", "users", "contexts"] as const) {
		const entries = sectionOf(document, section)
		if (entries === undefined) throw notOne(path, `its ${section} are no list`)
		for (const entry of config[section]) put(document, entries, entry)
	}
	document.set("current-context", config["current-context"])
	return document.toString({ lineWidth: 0, indentSeq: false })
}

function sectionOf(document: Document, section: string): YAMLSeq | undefined {
	// kubectl leaves an empty one as null.
	if (document.get(section) == null) document.set(section, document.createNode([]))
	const entries = document.get(section)
	return isSeq(entries) ? entries : undefined
}

function put(document: Document, entries: YAMLSeq, entry: { readonly name: string }): void {
	const place = entries.items.findIndex((item) => isMap(item) && item.get("name") === entry.name)
	const node = document.createNode(entry)
	if (place < 0) entries.add(node)
	else entries.items[place] = node
}

function notOne(path: string, why: string): CliError {
	const next = "name another file; without --merge the kubeconfig is printed"
	return new CliError(`Cannot merge into ${path}: it is not a kubeconfig: ${why.split("\n")[0]}`, { next })
}
