import { lookup } from "node:dns/promises"
import { BlockList, isIP } from "node:net"
import type { Address } from "./address.ts"
import { failure } from "./failure.ts"

const never = new BlockList()
never.addSubnet("169.254.0.0", 16)
never.addSubnet("0.0.0.0", 8)
never.addSubnet("224.0.0.0", 4)
never.addAddress("100.100.100.200")
never.addSubnet("fe80::", 10, "ipv6")
never.addSubnet("ff00::", 8, "ipv6")
never.addAddress("::", "ipv6")
never.addAddress("fd00:ec2::254", "ipv6")
const loopback = new BlockList()
loopback.addSubnet("127.0.0.0", 8)
loopback.addAddress("::1", "ipv6")

/** True where a server at this address may be asked: no cloud's metadata, and this machine only where allowed. */
export function mayAsk(address: string, allowLoopback: boolean): boolean {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
	if (mapped !== undefined) return mayAsk(mapped, allowLoopback)
	// Other ways to write an IPv4 address inside an IPv6 one have no honest use here.
	if (/^(::ffff:|::[0-9a-f]+:[0-9a-f]+$|64:ff9b:)/i.test(address)) return false
	const family = isIP(address) === 6 ? "ipv6" : "ipv4"
	if (never.check(address, family)) return false
	return allowLoopback || !loopback.check(address, family)
}

/** Behind a proxy the proxy asks for the name, and it is its part to refuse. */
export function proxyFor(scheme: string, environment: NodeJS.ProcessEnv): boolean {
	const names =
		scheme === "https"
			? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
			: ["http_proxy", "all_proxy", "ALL_PROXY"]
	return scheme !== "ssh" && names.some((name) => (environment[name] ?? "") !== "")
}

/**
 * The addresses that the host has now, all of them judged: git is then told to use just these, or a name that
 * answers differently the second time would lead it elsewhere.
 */
export async function resolveHost(
	address: Extract<Address, { kind: "remote" }>,
	allowLoopback: boolean,
): Promise<readonly string[]> {
	if (address.scheme === "file") return []
	const literal = isIP(address.host) !== 0
	if (!literal && proxyFor(address.scheme, process.env)) return []
	const found = literal ? [address.host] : await addressesOf(address.host)
	const bad = found.find((one) => !mayAsk(one, allowLoopback))
	if (bad !== undefined)
		throw failure(
			"refused",
			`Cannot fetch from "${address.name}": its host is ${bad}, an address of this machine or its platform`,
			"name a git server; for one on this machine, give its path",
		)
	return found
}

async function addressesOf(host: string): Promise<readonly string[]> {
	try {
		return (await lookup(host, { all: true })).map((one) => one.address)
	} catch (error) {
		throw failure(
			"unreachable",
			`Cannot find the host "${host}": ${(error as NodeJS.ErrnoException).code ?? "no answer"}`,
			"check the name and the network; Rollcall tries again by itself",
		)
	}
}
