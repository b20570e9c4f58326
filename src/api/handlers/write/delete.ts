import { randomUUID } from "node:crypto"
import type { HandWrite } from "../../../engine/index.ts"
import type { KubeObject, Refusal } from "../../../kube/index.ts"
import { type Answer, json } from "../../ask.ts"
import { badRequest, noMethod, refusedBy } from "../../refused.ts"
import type { Resource } from "../../route/resources.ts"
import { selectionOf } from "../../route/selectors.ts"
import type { Target } from "../../route/target.ts"
import type { Call } from "../handler.ts"
import { madeObject } from "../made.ts"
import { readMany, readOne } from "../read.ts"
import { listOf } from "../shapes.ts"
import { keyOfTarget, perform, warningHeaders, withHeaders } from "./perform.ts"
import { optionsOf } from "./write-body.ts"
import { type DeleteOptions, deleteOptions, programOf } from "./write-options.ts"

/** Takes one object away, or begins to. */
export async function deleteOne(call: Call): Promise<Answer> {
	const { ask, target, cluster } = call
	const { resource, namespace, name } = target
	const options = optionsIn(call)
	if ("refusal" in options) return options.refusal
	const before = readOne(cluster, resource, namespace, name)
	if (before !== undefined && isMadeAnew(call, before)) return refusedBy(madeAnew(resource, name), resource, name)
	const doing = { dryRun: options.dryRun, by: programOf(ask.userAgent) }
	const { verdict, warnings } = await perform(call, deletion(target, name, options), doing)
	const headers = warningHeaders(warnings)
	if (!verdict.accepted) return withHeaders(refusedBy(verdict.refusal, resource, name), headers)
	const stays = verdict.object !== undefined && (!options.dryRun || resource.kind === "Pod")
	return json(stays ? verdict.object : gone(target, before), 200, headers)
}

/** At most so many are one request of the engine's. */
const AT_ONCE = 500

/** Takes away all of a collection that is selected. */
export async function deleteMany(call: Call): Promise<Answer> {
	const { ask, target, cluster, parts } = call
	const { resource, namespace } = target
	if (resource.namespaced && namespace === "") return noMethod()
	const options = optionsIn(call)
	if ("refusal" in options) return options.refusal
	const selection = selectionOf(ask.query, resource)
	if ("error" in selection) return badRequest(selection.error)
	const all = [...readMany(cluster, resource, namespace, selection)]
	const objects = all.filter((object) => !isMadeAnew(call, object))
	const by = programOf(ask.userAgent)
	const warnings: string[] = []
	for (let from = 0; from < objects.length && !options.dryRun; from += AT_ONCE) {
		const writes = objects.slice(from, from + AT_ONCE).map(({ metadata }) => {
			const uid = metadata.uid === undefined ? {} : { preconditions: { uid: metadata.uid } }
			return deletion(target, metadata.name, { ...options, ...uid })
		})
		const answer = await parts.ask({ id: randomUUID(), by, kind: "write", writes })
		warnings.push(...(answer.warnings ?? []))
		for (const verdict of answer.verdicts ?? []) {
			// Gone by itself in the meantime: that is what was wanted.
			if (verdict.accepted || verdict.refusal.reason === "NotFound" || verdict.refusal.reason === "Conflict") continue
			return refusedBy(verdict.refusal, resource, "")
		}
	}
	const metadata = { resourceVersion: String(cluster.version()) }
	return json(listOf(resource, metadata, objects), 200, warningHeaders(warnings))
}

/** A node's Lease, say: it would be there again at once, and whoever waits for its end would wait for ever. */
function isMadeAnew({ cluster, target: { resource } }: Call, { metadata }: KubeObject): boolean {
	if (resource.kind === "Namespace") return false
	return madeObject(cluster, resource, metadata.namespace ?? "", metadata.name) !== undefined
}

function madeAnew({ group, plural }: Resource, name: string): Refusal {
	const what = group === "" ? plural : `${plural}.${group}`
	return { reason: "Forbidden", message: `${what} "${name}" is forbidden: the control plane makes it anew`, causes: [] }
}

function optionsIn({ ask }: Call): DeleteOptions | { readonly refusal: Answer } {
	const body = optionsOf(ask)
	return "refusal" in body ? body : deleteOptions(body.object, ask.query)
}

export function deletion(target: Target, name: string, options: DeleteOptions): HandWrite {
	const { propagation, graceSeconds, preconditions } = options
	return {
		verb: "delete",
		key: keyOfTarget(target, name),
		propagation,
		...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
		...(preconditions === undefined ? {} : { preconditions }),
	}
}

function gone({ resource, name }: Target, before: KubeObject | undefined): object {
	const { group, plural } = resource
	const uid = before?.metadata.uid
	const details = { name, ...(group === "" ? {} : { group }), kind: plural, ...(uid === undefined ? {} : { uid }) }
	return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details }
}
