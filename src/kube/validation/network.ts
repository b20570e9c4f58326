const OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)"
const IPV4 = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`)

/** An IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
	return IPV4.test(text) || isIpv6(text)
}

/** An address with the length of its network: `10.0.0.0/24`. */
export function isNetwork(text: string): boolean {
	const [address = "", bits = "", ...more] = text.split("/")
	if (more.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(bits) || !isAddress(address)) return false
	return Number(bits) <= (address.includes(":") ? 128 : 32)
}

function isIpv6(text: string): boolean {
	const halves = text.split("::")
	if (halves.length > 2 || !text.includes(":")) return false
	const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")))
	const last = groups.at(-1) ?? ""
	const count = groups.length + (IPV4.test(last) ? 1 : 0)
	const plain = IPV4.test(last) ? groups.slice(0, -1) : groups
	return plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count <= 7 : count === 8)
}
