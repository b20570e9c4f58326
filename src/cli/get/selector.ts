import { parseSelectorText, type StringMap } from "../../kube/index.ts"
import { CliError } from "../failure.ts"

/** kubectl's `-l`: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, joined by commas. Throws a CliError. */
export function labelSelector(text: string): (labels: StringMap | undefined) => boolean {
	const selector = parseSelectorText(text)
	if (!("error" in selector)) return selector.matches
	throw new CliError(`Cannot read the label selector "${text}": ${selector.error}`, {
		next: "write it as key=value, key!=value, key in (a,b), key notin (a,b), key or !key",
	})
}

/** kubectl's `--field-selector`: `spec.nodeName=worker-1`, `status.phase!=Running`, joined by commas. Throws a CliError. */
export function fieldSelector(text: string): (object: unknown) => boolean {
	const terms = text.split(",").map((term) => {
		const match = /^\s*([A-Za-z0-9_.]+)\s*(!=|==|=)\s*(.*?)\s*$/.exec(term)
		if (match) return { path: match[1] ?? "", equal: match[2] !== "!=", value: match[3] ?? "" }
		throw new CliError(`Cannot read the field selector: "${term}" is no requirement`, {
			next: "write it as path=value or path!=value, such as spec.nodeName=worker-1",
		})
	})
	return (object) => terms.every(({ path, equal, value }) => (fieldText(object, path) === value) === equal)
}

/** The text of the field at `.spec.nodeName`, `{.spec.nodeName}` or `spec.nodeName`; empty where it is absent. */
export function fieldText(object: unknown, path: string): string {
	let at: unknown = object
	for (const member of path.replace(/[{}]/g, "").split(".")) {
		if (member === "") continue
		if (typeof at !== "object" || at === null || !Object.hasOwn(at, member)) return ""
		at = (at as { readonly [member: string]: unknown })[member]
	}
	return at === null || at === undefined ? "" : typeof at === "object" ? JSON.stringify(at) : String(at)
}
