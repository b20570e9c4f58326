import {
	closeSync,
	constants,
	fstatSync,
	fsyncSync,
	lstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	watch,
	writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { byCodeUnit } from "../base/index.ts"
import type { Inbox, Letter } from "../engine/index.ts"
import { storageError } from "./storage-error.ts"

const INBOX = "inbox"
const REFUSED = "refused"
const END = ".json"
/** A request may be this large as text, in bytes: the objects of a drain, not a fleet. */
const LARGEST_BYTES = 1 << 20
const AT_ONCE = 100
/** What was put aside, or never finished, is of use to nobody after a week. */
const LEFTOVER_MS = 7 * 86_400_000

/** Leaves a request for the process that writes to the state directory: whole or not at all. */
export function leaveRequest(directory: string, id: string, text: string): void {
	const inbox = join(directory, INBOX)
	const unfinished = join(inbox, `.${id}`)
	try {
		mkdirSync(inbox, { recursive: true, mode: 0o700 })
		writeFileSync(unfinished, text, { mode: 0o600, flush: true, flag: "wx" })
		renameSync(unfinished, join(inbox, `${id}${END}`))
		syncFolder(inbox)
	} catch (failure) {
		throw storageError(failure, `leave a request in ${inbox}`)
	}
}

/** The inbox of a state directory, made where there is none. Files that cannot be read are letters with a problem. */
export function openInbox(directory: string): Inbox {
	const inbox = join(directory, INBOX)
	try {
		mkdirSync(inbox, { recursive: true, mode: 0o700 })
	} catch (failure) {
		throw storageError(failure, `make ${inbox}`)
	}
	clean(inbox, (file) => file.startsWith("."))
	clean(join(inbox, REFUSED), () => true)
	return {
		waiting: () => namesIn(inbox).map((name) => letter(inbox, name)),
		remove: (name) => rmSync(join(inbox, `${name}${END}`), { force: true }),
		putAside: (name) => putAside(inbox, name),
		watch: (arrived) => watchFolder(inbox, arrived),
	}
}

/** Removes old files of the folder; never one that may still be answered. */
function clean(folder: string, isLeftover: (file: string) => boolean): void {
	try {
		for (const entry of readdirSync(folder, { withFileTypes: true })) {
			const path = join(folder, entry.name)
			if (!entry.isFile() || !isLeftover(entry.name)) continue
			if (Date.now() - lstatSync(path).mtimeMs > LEFTOVER_MS) rmSync(path, { force: true })
		}
	} catch {
		// Not there, or not ours to remove: it only takes room.
	}
}

/** Oldest first; of one moment by name. */
function namesIn(inbox: string): string[] {
	try {
		const files = readdirSync(inbox).filter((file) => file.endsWith(END) && !file.startsWith("."))
		return files
			.map((file) => ({ file, at: lstatSync(join(inbox, file)).mtimeMs }))
			.sort((a, b) => a.at - b.at || byCodeUnit(a.file, b.file))
			.slice(0, AT_ONCE)
			.map(({ file }) => file.slice(0, -END.length))
	} catch {
		// Somebody took the folder, or a file, away in between: it is looked into again.
		return []
	}
}

function letter(inbox: string, name: string): Letter {
	let file: number | undefined
	try {
		// A link or a pipe that somebody put there is not followed, and does not hold the engine up.
		file = openSync(join(inbox, `${name}${END}`), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
		const { size, mode } = fstatSync(file)
		if ((mode & constants.S_IFMT) !== constants.S_IFREG) return { name, problem: "it is no plain file" }
		if (size > LARGEST_BYTES) return { name, problem: `it is larger than ${LARGEST_BYTES} bytes` }
		return { name, text: readFileSync(file, "utf8") }
	} catch (failure) {
		return { name, problem: (failure as { code?: string }).code ?? String(failure) }
	} finally {
		if (file !== undefined) closeSync(file)
	}
}

function putAside(inbox: string, name: string): void {
	try {
		mkdirSync(join(inbox, REFUSED), { recursive: true, mode: 0o700 })
		renameSync(join(inbox, `${name}${END}`), join(inbox, REFUSED, `${name}${END}`))
	} catch {
		rmSync(join(inbox, `${name}${END}`), { force: true, recursive: true })
	}
}

function watchFolder(inbox: string, arrived: () => void): { close(): void } {
	try {
		const watcher = watch(inbox, { persistent: false }, arrived)
		// Out of watches, or the folder is gone: it is looked into now and then all the same.
		watcher.on("error", () => watcher.close())
		return watcher
	} catch {
		return { close: () => {} }
	}
}

function syncFolder(folder: string): void {
	const handle = openSync(folder, "r")
	try {
		fsyncSync(handle)
	} finally {
		closeSync(handle)
	}
}
