import type { Verb } from "../route/resources.ts"
import type { Target } from "../route/target.ts"
import { get } from "./get.ts"
import type { Handler } from "./handler.ts"
import { list } from "./list/list.ts"
import { metrics } from "./metrics.ts"
import { review } from "./reviews.ts"
import { SUBRESOURCE_HANDLERS } from "./subresources.ts"
import { watch } from "./watch.ts"
import { create } from "./write/create.ts"
import { deleteMany, deleteOne } from "./write/delete.ts"
import { patch } from "./write/patch.ts"
import { getScale, writeScale } from "./write/scale.ts"
import { update } from "./write/update.ts"

/** Who answers which verb; a verb without an entry is refused as the server refuses a method that it does not know. */
const HANDLERS: { readonly [verb in Verb]?: Handler } = {
	create,
	delete: deleteOne,
	deletecollection: deleteMany,
	get,
	list,
	patch,
	update,
	watch,
}
const STATUS: { readonly [verb in Verb]?: Handler } = { get, patch, update }

/** What is answered without being stored, by group: all verbs of its resources. */
const ANSWERED: { readonly [group: string]: Handler } = {
	"authentication.k8s.io": review,
	"authorization.k8s.io": review,
	"metrics.k8s.io": metrics,
}

/** Who answers here; undefined where nobody does. */
export function handlerFor({ resource, subresource }: Target, verb: Verb): Handler | undefined {
	if (subresource === "") return answersTo(resource.group, verb)
	const own = SUBRESOURCE_HANDLERS.get(`${resource.plural}/${subresource} ${verb}`)
	if (subresource === "scale") return verb === "get" ? getScale : writeScale
	// The status is read with the object that it is of.
	return own ?? (subresource === "status" ? STATUS[verb] : undefined)
}

/** Whether discovery may announce the verb for resources of the group. */
export function isAnswered(group: string, verb: Verb): boolean {
	return answersTo(group, verb) !== undefined
}

function answersTo(group: string, verb: Verb): Handler | undefined {
	return Object.hasOwn(ANSWERED, group) ? ANSWERED[group] : HANDLERS[verb]
}
