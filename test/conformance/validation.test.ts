import {
	decode,
	type FieldError,
	type KubeObject,
	prepareCreate,
	prepareUpdate,
	validateCreate,
	validateUpdate,
} from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type Cause = { readonly type: string; readonly field: string }
type ValidationCase = Case & {
	readonly op: "create" | "update"
	readonly daemonSet?: KubeObject
	readonly old?: KubeObject
	readonly new?: KubeObject
	readonly expected: {
		readonly valid: boolean
		readonly errors: readonly Cause[]
		readonly generationBefore?: number
		readonly generationAfter?: number
		readonly templateGenerationBefore?: number
		readonly templateGenerationAfter?: number
	}
}

function causes(errors: readonly Cause[]): readonly string[] {
	return [...new Set(errors.map(({ type, field }) => `${type} ${field}`))].sort()
}

function named(errors: readonly FieldError[]): readonly Cause[] {
	return errors.map(({ type, field }) => ({
		type: type === "TypeInvalid" ? "FieldValueTypeInvalid" : `FieldValue${type}`,
		field,
	}))
}

function templateGeneration(object: KubeObject): number {
	return Number(object.metadata.annotations?.["deprecated.daemonset.template.generation"])
}

suite<ValidationCase>(
	"validation",
	"[A1] [A3] [A8] DaemonSets are taken, refused and counted as the real server does",
	(given) => {
		const { expected } = given
		const written = given.daemonSet ?? given.new
		if (written === undefined) return "no object"
		const { problems } = decode(written)
		if (problems.length > 0) return difference(problems, [])
		if (given.old === undefined) {
			const errors = named(validateCreate(prepareCreate(written)))
			return difference(
				{ valid: errors.length === 0, errors: causes(errors) },
				{ valid: expected.valid, errors: causes(expected.errors) },
			)
		}
		const live = prepareCreate(given.old)
		const next = prepareUpdate(live, written)
		const errors = named(validateUpdate(live, next))
		const got = {
			valid: errors.length === 0,
			errors: causes(errors),
			generationBefore: live.metadata.generation,
			generationAfter: next.metadata.generation,
			templateGenerationBefore: templateGeneration(live),
			templateGenerationAfter: templateGeneration(next),
		}
		return difference(got, { ...expected, errors: causes(expected.errors) })
	},
)
