import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync, writeSync } from "node:fs"

/**
 * Everything that changes a disk, and every word to the outside, is a moment, counted from 1. At the one that
 * CRASH_AT names the process is gone, as by `kill -9`: no handler runs, nothing is written any more.
 */
const killAt = Number(process.env["CRASH_AT"] ?? 0)
/** The disk is full at that moment instead, and from then on: nothing more is written. */
const isFull = process.env["CRASH_FULL"] === "1"
/** As a power cut: the git processes that are running go with it. */
const withChildren = process.env["CRASH_CHILDREN"] === "1"
let count = 0

export function moments(): number {
	return count
}

export function moment(label: string): void {
	count++
	if (count !== killAt || isFull) return
	writeSync(1, `killed ${label}\n`)
	if (withChildren) for (const pid of childrenOf(process.pid)) process.kill(pid, "SIGKILL")
	process.kill(process.pid, "SIGKILL")
}

/** Before and after an action that ends at once. `full` is what it says where the disk is full. */
export function around<T>(label: string, full: string, action: () => T): T {
	moment(`before ${label}`)
	requireRoom(label, full)
	const result = action()
	moment(`after ${label}`)
	return result
}

/** Before and after an action that takes a while. */
export async function aroundLong<T>(label: string, full: string, action: () => Promise<T>): Promise<T> {
	moment(`before ${label}`)
	requireRoom(label, full)
	const result = await action()
	moment(`after ${label}`)
	return result
}

let wasTold = false

function requireRoom(label: string, code: string): void {
	// What takes no room goes on as ever.
	if (!isFull || count < killAt || /^(rm|COMMIT|ROLLBACK|BEGIN|DELETE|PRAGMA)/.test(label)) return
	if (!wasTold) writeSync(1, `killed full ${label}\n`)
	wasTold = true
	throw Object.assign(new Error(`${code}: no space left, ${label}`), { code })
}

/** The processes that this one started and that are still there. */
export function childrenOf(pid: number): readonly number[] {
	try {
		return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
			const text = readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")
			return text
				.split(" ")
				.filter((word) => word !== "")
				.map(Number)
		})
	} catch {
		// No /proc, or gone already.
		const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" })
		return (stdout ?? "")
			.split("\n")
			.map(Number)
			.filter((child) => child > 0)
	}
}
