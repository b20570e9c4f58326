import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto"
import { isIP } from "node:net"
import { bits, context, type Der, integer, octets, oid, sequence, setOf, text, time, truth } from "./der.ts"

/** A certificate and its private key, as PEM. */
export type Identity = { readonly certificate: string; readonly key: string }

const CA_NAME = "rollcall"
const YEARS = 10
const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"))

/** An authority of one's own: clients trust it by the kubeconfig alone. */
export function makeAuthority(now: Date): Identity {
	const pair = generateKeyPairSync("ec", { namedCurve: "P-256" })
	const extensions = [
		extension("2.5.29.19", sequence(truth()), true),
		// keyCertSign
		extension("2.5.29.15", bits(Uint8Array.of(0x04), 2), true),
		extension("2.5.29.14", octets(keyId(pair.publicKey))),
	]
	const subject = { name: CA_NAME, key: pair.publicKey }
	return identityOf(pair.privateKey, certificate({ subject, signer: pair.privateKey, extensions, now }))
}

/** What the server shows of itself under these names and addresses; the authority signs it. */
export function makeServerIdentity(authority: Identity, hosts: readonly string[], now: Date): Identity {
	const pair = generateKeyPairSync("ec", { namedCurve: "P-256" })
	const extensions = [
		extension("2.5.29.19", sequence(), true),
		// digitalSignature
		extension("2.5.29.15", bits(Uint8Array.of(0x80), 7), true),
		// serverAuth
		extension("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.1"))),
		extension("2.5.29.17", sequence(...hosts.map(alternativeName))),
		extension("2.5.29.35", sequence(context(0, keyId(createPublicKey(authority.key)), true))),
	]
	const subject = { name: "rollcall-api", key: pair.publicKey }
	return identityOf(pair.privateKey, certificate({ subject, signer: authority.key, extensions, now }))
}

type Certified = {
	readonly subject: { readonly name: string; readonly key: KeyObject }
	readonly signer: KeyObject | string
	readonly extensions: readonly Der[]
	readonly now: Date
}

function certificate({ subject, signer, extensions, now }: Certified): Der {
	const serial = randomBytes(16)
	// Never zero at its head, and never negative.
	serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
	const until = new Date(now)
	until.setUTCFullYear(now.getUTCFullYear() + YEARS)
	const body = sequence(
		context(0, integer(2)),
		integer(serial),
		ECDSA_SHA256,
		nameOf(CA_NAME),
		// The clocks of clients may lag.
		sequence(time(new Date(now.getTime() - 3_600_000)), time(until)),
		nameOf(subject.name),
		subject.key.export({ type: "spki", format: "der" }),
		context(3, sequence(...extensions)),
	)
	return sequence(body, ECDSA_SHA256, bits(sign("sha256", body, signer)))
}

function nameOf(name: string): Der {
	return sequence(setOf(sequence(oid("2.5.4.3"), text(name))))
}

function extension(id: string, value: Der, critical = false): Der {
	return sequence(oid(id), ...(critical ? [truth()] : []), octets(value))
}

function alternativeName(host: string): Der {
	return isIP(host) === 0 ? context(2, Buffer.from(host), true) : context(7, addressBytes(host), true)
}

function addressBytes(address: string): Uint8Array {
	if (isIP(address) === 4) return Uint8Array.from(address.split("."), Number)
	const [head = "", tail] = address.split("::")
	const words = (part: string | undefined) => (part ? part.split(":") : [])
	const [left, right] = [words(head), words(tail)]
	const gap = tail === undefined ? 0 : 8 - left.length - right.length
	const all = [...left, ...Array.from({ length: gap }, () => "0"), ...right].map((word) => Number.parseInt(word, 16))
	return Uint8Array.from(all.flatMap((word) => [word >>> 8, word & 0xff]))
}

function keyId(key: KeyObject): Uint8Array {
	return createHash("sha1")
		.update(key.export({ type: "spki", format: "der" }))
		.digest()
}

function identityOf(key: KeyObject, der: Der): Identity {
	const lines = Buffer.from(der)
		.toString("base64")
		.replace(/.{1,64}/g, "$&\n")
	return {
		certificate: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`,
		key: key.export({ type: "pkcs8", format: "pem" }).toString(),
	}
}
