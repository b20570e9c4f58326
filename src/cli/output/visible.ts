// What a terminal would act on instead of showing it (THREATS 57): whole escape sequences go, and with them what they
// carry (titles, links, clipboard writes).
const SEQUENCES = new RegExp(
	[
		"(?:\\u001b\\]|\\u009d)[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)?", // OSC
		"(?:\\u001b[PX^_]|[\\u0090\\u0098\\u009e\\u009f])[^\\u001b\\u009c]*(?:\\u001b\\\\|\\u009c)?", // DCS, SOS, PM, APC
		"(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?", // CSI
		"\\u001b[ -/]*[0-~]?",
	].join("|"),
	"g",
)
// Left over: lone C0 and C1 controls, and characters that change what is seen without being seen (THREATS 34).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this file is about
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
const C1 = /[\u007f-\u009f]/g
const INVISIBLE = /[\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/**
 * Text from git, manifests or the cluster as it may be shown: escape sequences and control characters removed (line
 * breaks and tabs stay), characters that hide or reorder text spelled out as `\u202e`.
 */
export function visible(text: string): string {
	if (isPlain(text)) return text
	return text.replace(/\r\n/g, "\n").replace(SEQUENCES, "").replace(CONTROLS, "").replace(INVISIBLE, spelled)
}

/** The same on one line: line breaks and tabs become a blank. */
export function oneLine(text: string): string {
	const shown = visible(text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text)
	return /[\n\t]/.test(shown) ? shown.replace(/\s*[\n\t]\s*/g, " ").trim() : shown
}

/** JSON text in which no byte can act on a terminal; the value stays the same. */
export function escapeJson(json: string): string {
	return json.replace(C1, spelled).replace(INVISIBLE, spelled)
}

/** True where a terminal might act on the text, or hide part of it, and JSON and YAML would not have escaped it. */
export function hasHidden(text: string): boolean {
	return text.search(C1) >= 0 || text.search(INVISIBLE) >= 0
}

function spelled(character: string): string {
	return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
}

function isPlain(text: string): boolean {
	return /^[\n\t -~]*$/.test(text)
}
