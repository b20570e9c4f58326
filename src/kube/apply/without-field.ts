import { isObject, type Json } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"

/** The object without one field, spelled as `fieldChanges` does: `spec.containers[name=agent].image`, `metadata.labels[a.b/c]`. */
export function withoutField(object: KubeObject, path: string): KubeObject {
	const steps = [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, bracket, plain]) => bracket ?? plain ?? "")
	return (without(object, steps) ?? object) as KubeObject
}

function without(value: Json, [step, ...rest]: readonly string[]): Json | undefined {
	if (step === undefined) return undefined
	if (Array.isArray(value)) {
		const items = value as readonly Json[]
		return items.flatMap((item, index) => (isItem(item, index, step) ? (without(item, rest) ?? []) : [item]))
	}
	if (!isObject(value) || !Object.hasOwn(value, step)) return value
	const { [step]: member = null, ...others } = value
	const left = without(member, rest)
	return left === undefined ? others : { ...others, [step]: left }
}

/** `name=agent`, `key=a,effect=NoSchedule` or a position. A key with a default may be left out. */
function isItem(item: Json, index: number, step: string): boolean {
	if (/^\d+$/.test(step)) return index === Number(step)
	if (!isObject(item)) return false
	return step.split(",").every((part) => {
		const at = part.indexOf("=")
		const value = item[part.slice(0, at)]
		return value === undefined || String(value) === part.slice(at + 1)
	})
}
