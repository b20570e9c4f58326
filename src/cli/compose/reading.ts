import { randomBytes } from "node:crypto"
import { accessSync, constants } from "node:fs"
import { join } from "node:path"
import { type ParseCache, Reading, type ReadingOptions, type Source } from "../../engine/index.ts"
import { openSource, type SourceOptions } from "../../git/index.ts"
import type { ParsedFile } from "../../manifest/index.ts"
import { openParseCache, SECRET_KEY, secretKey } from "../../store/index.ts"
import type { RunRequest } from "./engine.ts"

export type ReadingRequest = Omit<ReadingOptions, "secretKey"> &
	Omit<SourceOptions, "stateDir" | "trust"> &
	Pick<RunRequest, "signatures"> & {
		readonly state: string
		/** Not even what was parsed is kept. */
		readonly readOnly?: boolean
	}

export type OpenedReading = {
	readonly source: Source
	readonly cache: ParseCache
	/** What Secrets' values are digested with. */
	readonly secretKey: string
	/** A reader that stands nowhere yet. */
	reading(): Reading
	close(): Promise<void>
}

/** Opens a repository to read its manifests, without a cluster; what was parsed is kept where a state directory is. */
export async function openReading(request: ReadingRequest): Promise<OpenedReading> {
	const trust = request.signatures === undefined ? {} : { trust: request.signatures }
	const source = await openSource({ ...request, ...trust, stateDir: request.state })
	const kept = isReadable(join(request.state, SECRET_KEY))
	const cache = kept ? openParseCache(request.state, { readOnly: request.readOnly === true }) : memoryCache()
	const options = { ...request, secretKey: kept ? secretKey(request.state) : randomBytes(32).toString("hex") }
	const close = async (): Promise<void> => {
		await source.close()
		cache.close()
	}
	const { secretKey: key } = options
	return { source, cache, secretKey: key, reading: () => new Reading(source, cache, options), close }
}

/** Another user may read a history, but not the key that is its owner's. */
function isReadable(path: string): boolean {
	try {
		accessSync(path, constants.R_OK)
		return true
	} catch {
		return false
	}
}

/** What was parsed is kept as long as the process lasts: who looks at many commits reads each file once. */
function memoryCache(): ParseCache & { close(): void } {
	const known = new Map<string, ParsedFile>()
	return {
		get: (blobs) => {
			const found = new Map<string, ParsedFile>()
			for (const blob of blobs) {
				const file = known.get(blob)
				if (file !== undefined) found.set(blob, file)
			}
			return found
		},
		put: (files) => {
			for (const [blob, file] of files) known.set(blob, file)
		},
		close: () => known.clear(),
	}
}
