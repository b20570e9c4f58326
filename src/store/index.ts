/**
 * The state directory: ledger, journal, snapshots, parse cache and lock, in SQLite, and the inbox.
 *
 * Owns every file in it but the mirrors of repositories. Promises: what a call that writes has returned from survives a
 * kill at any moment and a power cut; a batch is whole or not at all; readers need no lock and hold up nobody. Never:
 * decides what is recorded, changes an entry, or reads a clock but to say since when it holds the lock.
 */

export { leaveRequest, openInbox } from "./inbox.ts"
export { linesOf } from "./lines.ts"
export { type Holder, holderOf } from "./lock.ts"
export { makeDirectory } from "./make-directory.ts"
export { openStore } from "./open-store.ts"
export { openParseCache } from "./parse-cache.ts"
export type { Prunable } from "./prune.ts"
export { SECRET_KEY, secretKey } from "./secret-key.ts"
export { StorageError } from "./storage-error.ts"
export { StateDirectory } from "./store.ts"
