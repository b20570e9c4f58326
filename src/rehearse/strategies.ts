import type { Input, Write } from "../cluster/index.ts"
import type { DaemonSet, KubeObject } from "../kube/index.ts"

/** Another way to roll the same commit out: one of the two is set, the other is 0. */
export type Strategy = {
	/** As it was written: `maxUnavailable=10%`. */
	readonly text: string
	readonly field: "maxUnavailable" | "maxSurge"
	readonly value: number | string
}

const FORM = /^(maxUnavailable|maxSurge)=(\d{1,9}|\d{1,3}%)$/

export function parseStrategy(text: string): Strategy | { readonly problem: string } {
	const [, field, value = ""] = FORM.exec(text.trim()) ?? []
	if (field !== "maxUnavailable" && field !== "maxSurge") {
		return { problem: `"${text}" is no strategy: write it as maxUnavailable=10% or maxSurge=1` }
	}
	if (Number.parseInt(value, 10) === 0) return { problem: `"${text}" would roll nothing out: give more than 0` }
	return { text: text.trim(), field, value: value.endsWith("%") ? value : Number(value) }
}

/** The same inputs with every DaemonSet that they apply rolled out in this way. */
export function withStrategy(inputs: readonly Input[], strategy: Strategy): Input[] {
	return inputs.map((input) => ({ ...input, writes: input.writes.map((write) => changed(write, strategy)) }))
}

function changed(write: Write, { field, value }: Strategy): Write {
	if (write.verb !== "apply" || write.object.kind !== "DaemonSet") return write
	const { spec } = write.object as DaemonSet
	const rollingUpdate = { maxUnavailable: 0, maxSurge: 0, [field]: value }
	const updateStrategy = { type: "RollingUpdate", rollingUpdate }
	return { ...write, object: { ...write.object, spec: { ...spec, updateStrategy } } as KubeObject }
}
