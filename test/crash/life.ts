import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import type { Head } from "./checks.ts"
import { childrenOf } from "./moments.ts"
import type { VictimOrders } from "./orders.ts"
import { ENVIRONMENT } from "./user.ts"

/** When a victim is killed: at a moment of its own, or so long after it is ready, or after its start. */
export type Kill = {
	readonly at?: number
	readonly afterMs: number
	readonly fromReady: boolean
	/** The git processes that it started go with it. */
	readonly withChildren: boolean
	/** It is not killed: the disk is full from that moment on. */
	readonly isFull?: boolean
}

/** What a victim said before it was gone. */
export type Life = {
	readonly acknowledged: Head | undefined
	readonly undone: readonly string[]
	readonly refused: readonly string[]
	/** How it failed in words, where the disk was full. */
	readonly failed: string | undefined
	/** How many moments it had until it was ready; 0 where it never was. */
	readonly opening: number
	/** Where it was killed, or that it came to its end. */
	readonly end: string
}

/** Runs a victim until it is killed; `during` is what others do meanwhile, until its signal says that it is gone. */
export async function live(
	victim: string,
	orders: VictimOrders,
	kill: Kill,
	during: (gone: AbortSignal) => Promise<void>,
): Promise<Life> {
	const child = spawn(process.execPath, [victim, JSON.stringify(orders)], {
		env: {
			...ENVIRONMENT,
			...(kill.at === undefined ? {} : { CRASH_AT: String(kill.at) }),
			...(kill.withChildren ? { CRASH_CHILDREN: "1" } : {}),
			...(kill.isFull ? { CRASH_FULL: "1" } : {}),
		},
		stdio: ["ignore", "pipe", "pipe"],
	})
	const said = { out: "", err: "" }
	let timer: NodeJS.Timeout | undefined
	const wind = (): void => {
		timer ??= setTimeout(() => killNow(child, kill.withChildren), kill.afterMs)
	}
	if (!kill.fromReady) wind()
	child.stdout.setEncoding("utf8").on("data", (text) => {
		said.out += text
		if (said.out.includes("ready ")) wind()
	})
	child.stderr.setEncoding("utf8").on("data", (text) => {
		said.err += text
	})
	const gone = new AbortController()
	const ended = once(child, "exit").then(() => gone.abort())
	await Promise.all([ended, during(gone.signal)])
	clearTimeout(timer)
	if (child.signalCode !== "SIGKILL" && child.exitCode !== 0) throw new Error(`the victim failed: ${said.err}`)
	return lifeOf(said.out)
}

function killNow(child: ChildProcess, withChildren: boolean): void {
	const children = withChildren && child.pid !== undefined ? childrenOf(child.pid) : []
	child.kill("SIGKILL")
	for (const pid of children) process.kill(pid, "SIGKILL")
}

function lifeOf(out: string): Life {
	// Its last line may be cut off.
	const lines = out.split("\n").slice(0, -1)
	const after = (word: string): string[] =>
		lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
	const [number, hash] = after("told").at(-1)?.split(" ") ?? []
	return {
		acknowledged: number === undefined || hash === undefined ? undefined : { number: Number(number), hash },
		undone: after("undone"),
		refused: after("refused"),
		failed: after("failed").at(-1),
		opening: Number(after("ready").at(-1) ?? 0),
		end: after("killed").at(-1) ?? (after("ended").length > 0 ? "ended" : "at any time"),
	}
}
