import { uuidOf } from "../../base/index.ts"
import type { State } from "./state.ts"

/** A uid is a number while it is inside; this is its text. */
export function uidText({ settings }: State, number: number): string {
	return uuidOf(settings.seed, `uid/${number}`)
}

export function newUid(state: State): number {
	return ++state.uids
}

/** Each write that changes something gets the next one. */
export function newVersion(state: State): number {
	return ++state.version
}
