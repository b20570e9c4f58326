import { isObject, type Json, type JsonObject } from "../base/index.ts"
import type { KubeObject } from "./object.ts"

/** On a DaemonSet: its rolling update stands still. The value says who stopped it, as JSON; by hand, any word will do. */
export const PAUSED_ANNOTATION = "rollcall.dev/paused"

/** Who stopped a rolling update, since when (RFC 3339, cluster time) and why, as far as it was said. */
export type Pause = { readonly by?: string; readonly since?: string; readonly reason?: string }

/** True where the object's rolling update stands still: annotated with anything but `false`. */
export function isPaused(object: KubeObject | undefined): boolean {
	const value = object?.metadata.annotations?.[PAUSED_ANNOTATION]
	return value !== undefined && value !== "" && value !== "false"
}

/** Who paused it; undefined where it is not paused. */
export function pauseOf(object: KubeObject | undefined): Pause | undefined {
	if (!isPaused(object)) return undefined
	const said = parsed(object?.metadata.annotations?.[PAUSED_ANNOTATION] ?? "")
	const word = (name: string): string | undefined => (typeof said[name] === "string" ? said[name] : undefined)
	const [by, since, reason] = [word("by"), word("since"), word("reason")]
	return { ...(by && { by }), ...(since && { since }), ...(reason && { reason }) }
}

/** `paused by ada since 2026-03-02T09:15:17Z: waits for INC-7`. */
export function sayPause({ by, since, reason }: Pause): string {
	const who = `paused${by === undefined ? "" : ` by ${by}`}${since === undefined ? "" : ` since ${since}`}`
	return reason === undefined ? who : `${who}: ${reason}`
}

function parsed(value: string): JsonObject {
	try {
		const said = JSON.parse(value) as Json
		return isObject(said) ? said : {}
	} catch {
		return {}
	}
}
