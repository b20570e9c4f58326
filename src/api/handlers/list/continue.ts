/** Where a list stands: after the object of this name. */
export type Place = { readonly namespace: string; readonly name: string }

/** What a `continue` says: the version that the list is of, or -1 for whichever there is, and what came last. */
export type Continue = { readonly version: number; readonly after: Place }

const FORM = "meta.k8s.io/v1"

/** The text that a client sends to get the next page: the API server's own. `listed`: the namespace of the list, or none. */
export function continueText({ version, after }: Continue, listed: string): string {
	const start = listed === "" && after.namespace !== "" ? `${after.namespace}/${after.name}` : after.name
	return Buffer.from(JSON.stringify({ v: FORM, rv: version, start: `${start}\0` })).toString("base64url")
}

/** What the text says; or what is wrong with it, in the server's words. */
export function readContinue(text: string, listed: string, namespaced: boolean): Continue | string {
	const { v, rv, start } = parsed(text)
	if (v === undefined) return "continue key is not valid"
	if (v !== FORM) return "continue key is not valid: server does not recognize this encoded version"
	if (!Number.isSafeInteger(rv) || rv === 0)
		return `continue key is not valid: incorrect encoded start resourceVersion (version ${FORM})`
	if (typeof start !== "string" || start === "")
		return `continue key is not valid: encoded start key empty (version ${FORM})`
	const key = start.replace(/\0$/, "")
	const slash = key.indexOf("/")
	if (!namespaced || listed !== "") return { version: rv as number, after: { namespace: listed, name: key } }
	if (slash < 0) return "continue key is not valid"
	return { version: rv as number, after: { namespace: key.slice(0, slash), name: key.slice(slash + 1) } }
}

type Parsed = { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown }

function parsed(text: string): Parsed {
	// Names are no longer than 253 letters, and there are two of them.
	if (text.length > 1_000) return {}
	try {
		const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString())
		return typeof value === "object" && value !== null ? value : {}
	} catch {
		return {}
	}
}
