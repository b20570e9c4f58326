import { isObject, type Json } from "../../base/index.ts"

/** RFC 7386: members are set, null removes them, anything but objects replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
	if (!isObject(patch)) return patch
	const result = new Map(isObject(target) ? Object.entries(target) : [])
	for (const [name, value] of Object.entries(patch)) {
		if (value === null) result.delete(name)
		else result.set(name, mergePatch(result.get(name), value))
	}
	return Object.fromEntries(result)
}
