import { byCodeUnit } from "../base/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { DesiredObject } from "./contract.ts"

/** Where each object stands, the place that counts first: what can be read, then by path and document. */
export class Places {
	readonly #places = new Map<ObjectKey, readonly DesiredObject[]>()

	of(key: ObjectKey): readonly DesiredObject[] {
		return this.#places.get(key) ?? []
	}

	add(objects: readonly DesiredObject[]): void {
		for (const object of objects) this.#places.set(object.key, [...this.of(object.key), object].sort(byPlace))
	}

	remove(objects: readonly DesiredObject[]): void {
		for (const { key, path } of objects) {
			const rest = this.of(key).filter((place) => place.path !== path)
			if (rest.length > 0) this.#places.set(key, rest)
			else this.#places.delete(key)
		}
	}
}

/** False for a last good version of what can no longer be read. */
export function isRead({ retained }: DesiredObject): boolean {
	return retained === undefined
}

export function byPlace(a: DesiredObject, b: DesiredObject): number {
	const read = Number(isRead(b)) - Number(isRead(a))
	return read || byCodeUnit(a.path, b.path) || a.document - b.document
}
