import { oneLine } from "./visible.ts"

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
}

/** Text of others for HTML or XML, in an element or in an attribute between quotes: on one line, and nothing in it acts. */
export function escapeMarkup(value: string): string {
	return oneLine(value).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}
