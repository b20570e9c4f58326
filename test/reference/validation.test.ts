import type { JsonObject } from "../../src/base/index.ts"
import type { Cluster, Verdict } from "../../src/cluster/index.ts"
import { causeReason, type FieldValidation, type KubeObject, keyOf, readBody } from "../../src/kube/index.ts"
import { apply, cluster } from "../builders/cluster.ts"
import { difference } from "../conformance/cases.ts"
import { causesOf, comparable, type Recording, recordingSuite, type Status, TYPES } from "./recordings.ts"

type Answer = {
	readonly verdict: "accepted" | "rejected"
	readonly warnings?: readonly string[]
	readonly object?: KubeObject
	readonly status?: Status
}
type Create = Recording & Answer & { readonly manifest?: JsonObject; readonly raw?: string; readonly warnMode?: Answer }

/** What there is before anybody creates anything, and the one other object that a recorded answer may speak of. */
function worldOf({ status }: Create): Cluster {
	const running = cluster(0)
	const [, name] = /PriorityClass (\S+) is already marked as default/.exec(status?.message ?? "") ?? []
	if (name === undefined) return running
	apply(running, {
		apiVersion: "scheduling.k8s.io/v1",
		kind: "PriorityClass",
		metadata: { name },
		value: 1,
		globalDefault: true,
	})
	return running
}

function create(given: Create, validation: FieldValidation): Verdict {
	const { resource, raw, manifest } = given
	const body = readBody(raw ?? JSON.stringify(manifest), TYPES[resource], validation)
	if (body.refusal !== undefined) return { accepted: false, refusal: body.refusal }
	const { object } = body
	const verdict = worldOf(given).judge({ verb: "create", key: keyOf(object), object })
	return verdict.accepted ? { ...verdict, warnings: [...body.warnings, ...verdict.warnings] } : verdict
}

function wrong(got: Verdict, want: Answer): string | undefined {
	if (got.accepted) {
		const answer = { object: got.object && likeDryRun(got.object), warnings: got.warnings }
		return difference(answer, { object: want.object && likeDryRun(want.object), warnings: want.warnings })
	}
	const { status } = want
	if (want.verdict === "accepted") return difference(got.refusal, "accepted")
	// In the Warn mode only the verdict is recorded of what is refused.
	if (status === undefined) return undefined
	const causes = [...new Set(got.refusal.causes.map((error) => `${causeReason(error)} ${error.field}`))].sort()
	const refused = difference(causes, causesOf(status))
	return refused ?? (causes.length > 0 ? undefined : difference(got.refusal.message, status.message))
}

/** A generated name is chance. */
function likeDryRun(object: KubeObject): KubeObject {
	const { metadata, ...rest } = comparable(object)
	const { name, generateName, ...others } = metadata
	return { ...rest, metadata: generateName === undefined ? metadata : { ...others, generateName } } as KubeObject
}

recordingSuite<Create>(
	"validation",
	"[A2] [A3] [A4] [A11] new objects are taken or refused as a real server did",
	(given) => {
		const strict = wrong(create(given, "Strict"), given)
		if (strict !== undefined || given.warnMode === undefined) return strict
		const { warnMode } = given
		// Where the mode makes no difference the object is not recorded again.
		const object = warnMode.object ?? given.object
		return wrong(create(given, "Warn"), { ...warnMode, ...(object === undefined ? {} : { object }) })
	},
)
