import { deepFreeze, formatInstant, uuidOf } from "../../base/index.ts"
import { type KubeObject, keyOf } from "../../kube/index.ts"
import { SYSTEM_PRIORITIES } from "../scheduler/index.ts"
import type { State } from "../state/state.ts"

/** K15: the two PriorityClasses that a control plane makes before anybody can ask for anything. Nothing is told of them. */
export function addSystemObjects(state: State): void {
	for (const { name, value, description } of SYSTEM_PRIORITIES) {
		const object = deepFreeze({
			apiVersion: "scheduling.k8s.io/v1",
			kind: "PriorityClass",
			metadata: {
				name,
				uid: uuidOf(state.settings.seed, `system/${name}`),
				resourceVersion: "1",
				generation: 1,
				creationTimestamp: formatInstant(state.now),
			},
			value,
			description,
			preemptionPolicy: "PreemptLowerPriority",
		}) as KubeObject
		state.objects.set(keyOf(object), object)
	}
}
