import { parseInstant } from "../../base/index.ts"

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)"
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)
const HOSTNAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i

/** What a text of a format looks like. Of formats that are not here nothing is checked. */
const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
	["ipv4", isIpv4],
	["ipv6", isIpv6],
	["cidr", isRange],
	["mac", (text) => /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i.test(text)],
	["uuid", (text) => /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text)],
	["hostname", (text) => text.length <= 253 && HOSTNAME.test(text)],
	["email", (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text)],
	["uri", (text) => /^(?:[a-z][a-z0-9+.-]*:\S+|\/\S*)$/i.test(text)],
	["byte", (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0],
	["date", (text) => /^\d{4}-\d\d-\d\d$/.test(text) && parseInstant(`${text}T00:00:00Z`) !== undefined],
	["date-time", isTime],
	["datetime", isTime],
	[
		"duration",
		(text) =>
			/^-?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text) || /^\d+ ?(?:second|minute|hour|day|week)s?$/.test(text),
	],
])

/** Undefined where nothing is known of the format. */
export function formatTest(format: string): ((text: string) => boolean) | undefined {
	return FORMATS.get(format)
}

function isTime(text: string): boolean {
	return parseInstant(text.replace(/(\.\d{3})\d+/, "$1")) !== undefined
}

function isIpv4(text: string): boolean {
	return IPV4.test(text)
}

function isIpv6(text: string): boolean {
	const [head = "", tail, ...more] = text.split("::")
	if (more.length > 0 || !text.includes(":")) return false
	const groups = [head, tail ?? ""].flatMap((part) => (part === "" ? [] : part.split(":")))
	const last = groups.at(-1) ?? ""
	const isMixed = last.includes(".")
	const plain = isMixed ? groups.slice(0, -1) : groups
	if (isMixed && !isIpv4(last)) return false
	const count = plain.length + (isMixed ? 2 : 0)
	return plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (tail === undefined ? count === 8 : count < 8)
}

function isRange(text: string): boolean {
	const [address = "", bits = "", ...more] = text.split("/")
	if (more.length > 0 || !/^\d{1,3}$/.test(bits)) return false
	return (isIpv4(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128)
}
