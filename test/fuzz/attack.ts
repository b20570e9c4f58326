import type { Socket } from "node:net"
import { answerOn, type Said } from "../builders/served-api.ts"
import type { Dice } from "./dice.ts"
import { type Wish, wish } from "./requests.ts"
import type { Victim } from "./victim.ts"

/** What came of one attack: the status of each answer (0: closed without one), and what should not have been. */
export type Outcome = { readonly statuses: readonly number[]; readonly wrong?: string }

export type Attack = {
	readonly dice: Dice
	readonly victim: Victim
	/** Takes connections that stay open, and closes the oldest of them. */
	readonly keep: (socket: Socket) => void
	/** Is told of all that is sent. */
	readonly sends: (bytes: Buffer) => void
}

/** By when each request is answered, or its connection closed. */
const LIMIT_MS = 20_000

/**
 * Nothing that a client says is a bug of the server's, and these are not so many that they would have to wait. Closed
 * without an answer is what nonsense may come to.
 */
function isWrong(status: number): boolean {
	return status === 429 || status >= 500
}

function judged(...all: readonly Said[]): Outcome {
	const bad = all.find(({ status }) => isWrong(status))
	return { statuses: all.map(({ status }) => status), ...(bad === undefined ? {} : { wrong: bad.text }) }
}

const NOTHING: Outcome = { statuses: [] }

const ATTACKS: readonly (readonly [weight: number, name: string, act: (attack: Attack) => Promise<Outcome>])[] = [
	[40, "a request", async (attack) => judged(await said(attack, bytesOf(attack, wish(attack.dice))))],
	[
		6,
		"nobody's request",
		async (attack) => judged(await said(attack, bytesOf(attack, wish(attack.dice), strange(attack)))),
	],
	[
		8,
		"changed bytes",
		async (attack) => judged(await said(attack, changed(attack, bytesOf(attack, wish(attack.dice))))),
	],
	[4, "a part of a request, then silence", partOf],
	[4, "a part of a request, then the end", cutOff],
	[4, "a request that comes slowly", slowly],
	[4, "many requests at once", pipelined],
	[4, "a watch that nobody reads", unread],
	[4, "a watch that is left", left],
	[4, "a list in pages, one of them asked for wrongly", pages],
	[2, "many writes of one object", burst],
	[2, "many connections", flood],
	[2, "silence", silent],
	[2, "no TLS", plain],
]
const BY_WEIGHT = ATTACKS.flatMap((each) => Array.from({ length: each[0] }, () => each))

/** One of them, by chance. */
export async function attack(parts: Attack): Promise<{ readonly name: string } & Outcome> {
	const [, name, act] = parts.dice.of(BY_WEIGHT)
	let alarm: NodeJS.Timeout | undefined
	const late = new Promise<Outcome>((resolve) => {
		alarm = setTimeout(resolve, LIMIT_MS, { statuses: [], wrong: `neither answered nor closed within ${LIMIT_MS} ms` })
	})
	const outcome = await Promise.race([act(parts), late])
	clearTimeout(alarm)
	return { name, ...outcome }
}

function bytesOf({ victim, dice }: Attack, { method, target, headers, body }: Wish, token?: string): Buffer {
	const access = dice.oneIn(4) ? victim.tokens.read : victim.tokens.write
	const chunked = headers.some((header) => header.startsWith("Transfer-Encoding"))
	const lines = [
		`${method} ${target.replaceAll(" ", "+")} HTTP/1.1`,
		"Host: localhost",
		`Authorization: ${token ?? `Bearer ${access}`}`,
		...headers,
		...(chunked || body.length === 0 ? [] : [`Content-Length: ${body.length}`]),
	]
	const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`)
	const end = chunked ? [`${body.length.toString(16)}\r\n`, body, "\r\n0\r\n\r\n"] : [body]
	return Buffer.concat([head, ...end.map((part) => Buffer.from(part))])
}

function strange({ dice, victim }: Attack): string {
	return dice.of([
		"",
		"Bearer",
		"Bearer x",
		"Basic YTpi",
		`bearer  ${victim.tokens.read}x`,
		`Token ${victim.tokens.read}`,
	])
}

/** The answer. Who waits for more of a body than was said, or for the end of a watch, gives up. */
async function said({ victim, sends }: Attack, bytes: Buffer, socket: Socket = victim.tls()): Promise<Said> {
	sends(bytes)
	socket.write(bytes)
	const patience = setTimeout(() => socket.end(), 1_500)
	const answer = await answerOn(socket, bytes.subarray(0, 5).toString() === "HEAD ")
	clearTimeout(patience)
	return answer
}

/** A few bytes of it are others, gone, or there twice. */
function changed({ dice }: Attack, bytes: Buffer): Buffer {
	let all = bytes
	for (let times = 1 + dice.below(4); times > 0; times--) {
		const at = dice.below(Math.min(all.length, 400))
		const piece = [Buffer.of(dice.below(256)), Buffer.alloc(0), all.subarray(at, at + dice.below(30))]
		all = Buffer.concat([all.subarray(0, at), dice.of(piece), all.subarray(at + 1)])
	}
	return all
}

async function silent({ victim, keep, dice }: Attack): Promise<Outcome> {
	keep(dice.oneIn(2) ? victim.tcp() : victim.tls())
	return NOTHING
}

async function partOf(attack: Attack): Promise<Outcome> {
	const bytes = bytesOf(attack, wish(attack.dice))
	const socket = attack.victim.tls()
	const part = bytes.subarray(0, 1 + attack.dice.below(bytes.length))
	attack.sends(part)
	socket.write(part)
	attack.keep(socket.resume())
	return NOTHING
}

async function cutOff(attack: Attack): Promise<Outcome> {
	const bytes = bytesOf(attack, wish(attack.dice))
	const socket = attack.victim.tls()
	const part = bytes.subarray(0, 1 + attack.dice.below(bytes.length))
	attack.sends(part)
	if (attack.dice.oneIn(2)) {
		await new Promise((written) => socket.write(part, written))
		socket.destroy()
		return NOTHING
	}
	socket.end(part)
	return judged(await answerOn(socket))
}

async function slowly(attack: Attack): Promise<Outcome> {
	const bytes = bytesOf(attack, wish(attack.dice)).subarray(0, 2_000)
	const socket = attack.victim.tls()
	const answer = said(attack, bytes.subarray(0, 40), socket)
	for (let at = 40; at < bytes.length && !socket.destroyed; at += 100) {
		socket.write(bytes.subarray(at, at + 100))
		await new Promise((on) => setTimeout(on, 5))
	}
	return judged(await answer)
}

async function pipelined(attack: Attack): Promise<Outcome> {
	const count = 2 + attack.dice.below(100)
	const all = Array.from({ length: count }, () => bytesOf(attack, wish(attack.dice))).filter(
		({ length }) => length < 5_000,
	)
	const socket = attack.victim.tls()
	const ended = new Promise((closed) => socket.on("close", closed))
	const bytes = Buffer.concat([
		...all,
		bytesOf(attack, { method: "GET", target: "/livez", headers: ["Connection: close"], body: Buffer.alloc(0) }),
	])
	attack.sends(bytes)
	let text = ""
	socket.on("data", (chunk: Buffer) => {
		text += chunk.toString("latin1").slice(0, 100_000)
		// A watch among them lasts.
		if (/^transfer-encoding: chunked/im.test(text)) socket.destroy()
	})
	socket.write(bytes)
	const patience = setTimeout(() => socket.destroy(), 8_000)
	await ended
	clearTimeout(patience)
	const statuses = [...text.matchAll(/HTTP\/1.1 (\d{3})/g)].map(([, status]) => Number(status))
	const bad = statuses.find(isWrong)
	return { statuses, ...(bad === undefined ? {} : { wrong: text }) }
}

const WATCHED = [
	"/api/v1/pods?watch=1",
	"/api/v1/pods?watch=1&labelSelector=app%3Dagent",
	"/api/v1/nodes?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan",
	"/api/v1/events?watch=1&timeoutSeconds=1",
	"/apis/apps/v1/daemonsets?watch=1&resourceVersion=1",
	"/at/2026-01-01T00:01:00Z/api/v1/pods?watch=1",
] as const

function watched(attack: Attack): Buffer {
	const target = attack.dice.of(WATCHED)
	const bytes = bytesOf(attack, { method: "GET", target, headers: [], body: Buffer.alloc(0) })
	attack.sends(bytes)
	return bytes
}

async function unread(attack: Attack): Promise<Outcome> {
	const socket = attack.victim.tls()
	socket.write(watched(attack))
	attack.keep(socket.pause())
	return NOTHING
}

async function left(attack: Attack): Promise<Outcome> {
	const sockets = Array.from({ length: 1 + attack.dice.below(20) }, () => attack.victim.tls())
	for (const socket of sockets) socket.write(watched(attack))
	await new Promise((on) => setTimeout(on, attack.dice.below(300)))
	for (const socket of sockets) socket.destroy()
	return NOTHING
}

async function pages(attack: Attack): Promise<Outcome> {
	const { dice } = attack
	const path = dice.of([
		"/api/v1/pods",
		"/api/v1/nodes",
		"/api/v1/events",
		"/at/2026-01-01T00:01:00Z/api/v1/nodes",
	] as const)
	const answers: Said[] = []
	let token = ""
	for (let page = dice.below(6); page >= 0; page--) {
		const at = dice.below(token.length + 1)
		const wrong = dice.oneIn(4)
			? token.slice(0, at) + dice.of(["", "x", "=", "%00", token]) + token.slice(at + 1)
			: token
		const where = dice.oneIn(8) ? "/api/v1/pods?labelSelector=x&" : `${path}?`
		const target = `${where}limit=${1 + dice.below(60)}&continue=${wrong}`
		const answer = await said(attack, bytesOf(attack, { method: "GET", target, headers: [], body: Buffer.alloc(0) }))
		answers.push(answer)
		token = answer.body?.metadata?.continue ?? token
	}
	return judged(...answers)
}

async function burst(attack: Attack): Promise<Outcome> {
	const name = `fuzz-${attack.dice.below(8)}`
	const target = `/api/v1/namespaces/default/configmaps/${name}?fieldManager=fuzz`
	const headers = ["Content-Type: application/apply-patch+yaml"]
	const body = (n: number) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":{"n":"${n}"}}`
	const wishes = Array.from({ length: 30 }, (_, n) => ({
		method: "PATCH",
		target,
		headers,
		body: Buffer.from(body(n)),
	}))
	return judged(...(await Promise.all(wishes.map((each) => said(attack, bytesOf(attack, each))))))
}

async function flood({ victim, dice }: Attack): Promise<Outcome> {
	const sockets = Array.from({ length: 50 + dice.below(200) }, victim.tcp)
	await new Promise((on) => setTimeout(on, dice.below(200)))
	for (const socket of sockets) socket.destroy()
	return NOTHING
}

async function plain(attack: Attack): Promise<Outcome> {
	const bytes = bytesOf(attack, wish(attack.dice))
	const said = await attack.victim.say(attack.dice.oneIn(3) ? changed(attack, bytes) : bytes, attack.victim.tcp())
	const isRight = said.status === 400 || said.status === 0
	return { statuses: [said.status], ...(isRight ? {} : { wrong: `answered without TLS: ${said.text}` }) }
}
