import { eventText, KubeletEvent, Stage, unhealthyCount } from "../kubelet/index.ts"
import { lifeFor } from "../run/lives.ts"
import { Subject } from "../state/event-subjects.ts"
import type { EventRow } from "../state/events.ts"
import { podName } from "../state/names.ts"
import { half } from "../state/pods.ts"
import { textOf } from "../state/strings.ts"
import type { Machine } from "../writes/machine.ts"
import { findPod } from "../writes/pods.ts"
import { podAddress } from "./read-pod-status.ts"

/** L15: what is known of a probe that goes on failing only when it is asked for: how often, when last, at what address. */
export function unhealthyNow(
	machine: Machine,
	event: EventRow,
): { readonly count: number; readonly lastAt: number; readonly address: string } | undefined {
	if (event.subject !== Subject.Pod || event.code !== KubeletEvent.ReadinessFailed) return undefined
	const { state } = machine
	const { pods, strings } = state
	const row = findPod(state, textOf(strings, event.namespace), podName(strings, event.base, event.number))
	if (row === -1 || pods.uid[half(row)] !== event.uid || pods.stage[row] !== Stage.Running) return undefined
	const startedAt = pods.containersAt[half(row)] as number
	const down = state.nodes.downAt.get(pods.node[row] as number) ?? 0
	const until = Math.min(...[state.now, down, pods.deletedAt[half(row)] as number].filter((at) => at > 0))
	const life = lifeFor(machine, row)
	const said = textOf(strings, event.argument)
	const container = life.containers.findIndex(
		(each) => eventText(KubeletEvent.ReadinessFailed, each, 0, life).message === said,
	)
	const told = unhealthyCount(life, container, until - startedAt)
	if (told === undefined || told.count === 0) return undefined
	return { count: told.count, lastAt: startedAt + told.lastMs, address: podAddress(machine, row) }
}
