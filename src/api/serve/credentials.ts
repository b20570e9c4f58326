import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { isObject } from "../../base/index.ts"
import { type Identity, makeAuthority } from "./certificate.ts"
import { KUBECONFIG, kubeconfigOf } from "./kubeconfig.ts"

/** What a request may do, by the token that it came with. */
export type Access = "read" | "write"

/** What is made at the first start of the API and stays in the state directory, for its owner alone. */
export type Credentials = {
	readonly authority: Identity
	readonly tokens: { readonly [access in Access]: string }
	/** Where it listened last: a kubeconfig that was copied stays good. */
	readonly port: number
}

const FILE = "api.json"

/** Those of the state directory; makes them where there are none, or where they cannot be read. */
export function credentialsIn(directory: string, now: Date): Credentials {
	const path = join(directory, FILE)
	const kept = existsSync(path) ? parse(readFileSync(path, "utf8")) : undefined
	if (kept !== undefined) return kept
	const token = (): string => randomBytes(32).toString("base64url")
	return { authority: makeAuthority(now), tokens: { read: token(), write: token() }, port: 0 }
}

/** Writes them down, and the kubeconfig that uses them; returns the kubeconfig's path. */
export function keepCredentials(directory: string, credentials: Credentials, server: string): string {
	writePrivate(join(directory, FILE), `${JSON.stringify(credentials, undefined, "\t")}\n`)
	const path = join(directory, KUBECONFIG)
	const { authority, tokens } = credentials
	const config = kubeconfigOf({ state: directory, server, authority: authority.certificate, tokens })
	// JSON is YAML, and kubectl reads it.
	writePrivate(path, `${JSON.stringify(config, undefined, 2)}\n`)
	return path
}

/** What the header's token allows; undefined where it is none of ours. */
export function accessOf({ tokens }: Credentials, authorization: string | undefined): Access | undefined {
	const given = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1]
	if (given === undefined) return undefined
	if (isSame(given, tokens.write)) return "write"
	return isSame(given, tokens.read) ? "read" : undefined
}

function isSame(given: string, token: string): boolean {
	const digest = (value: string) => createHash("sha256").update(value).digest()
	return timingSafeEqual(digest(given), digest(token))
}

/** A kill halfway leaves the file that was there. */
function writePrivate(path: string, content: string): void {
	const unfinished = `${path}.unfinished`
	writeFileSync(unfinished, content, { mode: 0o600 })
	renameSync(unfinished, path)
}

function parse(text: string): Credentials | undefined {
	let value: unknown
	try {
		value = JSON.parse(text)
	} catch {
		return undefined
	}
	if (!isObject(value)) return undefined
	const { authority, tokens, port } = value
	const isWhole =
		isObject(authority) &&
		isObject(tokens) &&
		typeof port === "number" &&
		[authority["certificate"], authority["key"], tokens["read"], tokens["write"]].every(
			(member) => typeof member === "string" && member !== "",
		)
	return isWhole ? (value as Credentials) : undefined
}
