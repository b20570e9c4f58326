import { byCodeUnit } from "../../../src/base/index.ts"
import { Flag, oldSide, onSide, SidedFlag } from "../../../src/cluster/daemonset/index.ts"
import { runningCensus } from "../../../src/cluster/daemonset/running-census.ts"
import type { Cluster } from "../../../src/cluster/index.ts"
import { demandOf } from "../../../src/cluster/scheduler/index.ts"
import type { Table } from "../../../src/cluster/state/columns.ts"
import { type Interned, internedValue } from "../../../src/cluster/state/interned.ts"
import { firstNamed, type Named, nameHash } from "../../../src/cluster/state/name-index.ts"
import { nodeName } from "../../../src/cluster/state/names.ts"
import { nodesInOrder } from "../../../src/cluster/state/node-order.ts"
import { Use, useOf } from "../../../src/cluster/state/nodes.ts"
import { POD_WORDS, type PodRows } from "../../../src/cluster/state/pods.ts"
import type { State } from "../../../src/cluster/state/state.ts"
import { Due } from "../../../src/cluster/timeline/due.ts"
import { entryAt, listsOf as timelineLists } from "../../../src/cluster/timeline/timeline.ts"
import { hasEnded } from "../../../src/cluster/writes/pods.ts"
import { censusFromScratch, living, stateOf } from "./scratch.ts"

/** Everything that is kept by changes, against the same taken from scratch. Returns what differs. */
export function auditBooks(on: Cluster): string[] {
	const state = stateOf(on)
	const wrong: string[] = []
	const expect = (what: string, kept: unknown, scratch: unknown) => {
		const [a, b] = [JSON.stringify(kept), JSON.stringify(scratch)]
		if (a !== b) wrong.push(`${what}: kept ${a}, from scratch ${b}`)
	}
	auditCensus(on, state, expect)
	auditPods(state, expect)
	auditNodes(state, expect)
	auditShapes(state, expect)
	auditTimeline(state, expect)
	return wrong
}
type Expect = (what: string, kept: unknown, scratch: unknown) => void

const NAMED_SIDED = Object.entries(SidedFlag)
const ORDERED = new Set(["Create", "Excess", "Failed", "Surged", "Mixed"])

function auditCensus(on: Cluster, state: State, expect: Expect): void {
	// Pods that turn available at this very instant do so one entry after the other, before all else.
	if (timelineLists(state.timeline).some(({ at, lanes: [ripe] }) => at === state.now && ripe.length > 0)) return
	for (const { row } of living(state)) {
		const kept = runningCensus(state, row)
		const scratch = censusFromScratch(on, state, row)
		const names = (census: typeof kept, flags: number) =>
			[...census.inOrder(flags)].map((node) => census.nodeName(node))
		for (const [name, flag] of Object.entries(Flag)) {
			expect(`${row.key} count of ${name}`, kept.count(flag), scratch.count(flag))
			if (ORDERED.has(name)) expect(`${row.key} nodes of ${name}`, names(kept, flag), names(scratch, flag))
		}
		// Old and new are roles of the last sync: a template that no sync has seen yet has none (R3).
		if (!row.planned) continue
		for (const [name, flag] of NAMED_SIDED) {
			for (const [role, side] of [
				["new", (s: typeof kept) => s.settings.newSide] as const,
				["old", (s: typeof kept) => oldSide(s.settings)] as const,
			]) {
				const here = onSide(flag, side(kept))
				const there = onSide(flag, side(scratch))
				expect(`${row.key} count of ${role} ${name}`, kept.count(here), scratch.count(there))
				if (name !== "Judged") expect(`${row.key} nodes of ${role} ${name}`, names(kept, here), names(scratch, there))
			}
		}
	}
}

function auditPods(state: State, expect: Expect): void {
	const { pods, nodes } = state
	const free = freeRows(podRows(pods))
	const live = rowsInUse(podRows(pods))
	expect("pods that live", pods.live, live.length)
	for (const row of live) expect(`pod row ${row} by its name`, isNamed(pods, row, hashOfPod(state, row)), true)
	for (const [node, first] of listsOf(state)) {
		const here = live.filter((row) => pods.node[row] === node)
		expect(`pods on node row ${node}`, walk(first, pods.nextHere).sort(byNumber), here)
		const bound = here.filter((row) => pods.bound[row] === 1 && !hasEnded(state, row))
		expect(`bound pods on node row ${node}`, nodes.use[useOf(node)], bound.length)
		let cpu = 0
		let memory = 0
		for (const row of bound) {
			const demand = demandOf(internedValue(state.podShapes, pods.shape[row] as number).spec)
			cpu += demand.cpuMilli
			memory += demand.memoryBytes
		}
		expect(
			`use of node row ${node}`,
			[...nodes.use.subarray(useOf(node) + Use.cpuMilli, useOf(node) + Use.ephemeralBytes)],
			[cpu, memory],
		)
	}
	for (const [slot, owner] of state.daemonSets.entries()) {
		const owned = live.filter((row) => pods.owner[row] === slot)
		expect(
			`pods of slot ${slot}`,
			owner === undefined ? [] : walk(owner.firstPod, pods.nextOwned).sort(byNumber),
			owned,
		)
		if (owner === undefined) continue
		expect(`number of pods of slot ${slot}`, owner.podCount, owned.length)
		const shapes = new Map<number, number[]>()
		for (const row of owned) {
			const counts = shapes.get(pods.shape[row] as number) ?? [0, 0]
			counts[pods.side[row] as number] = (counts[pods.side[row] as number] ?? 0) + 1
			shapes.set(pods.shape[row] as number, counts)
		}
		expect(`shapes of slot ${slot}`, [...owner.shapes].sort(byFirst), [...shapes].sort(byFirst))
	}
	for (const row of state.unschedulable.keys()) {
		expect(`pod row ${row} waits for a place`, [free.has(row), pods.bound[row]], [false, 0])
	}
	expect(
		"overlays of free pod rows",
		[...pods.overlays.keys()].filter((row) => free.has(row)),
		[],
	)
}

function auditNodes(state: State, expect: Expect): void {
	const { nodes, strings } = state
	const free = freeRows(nodes)
	const live = rowsInUse(nodes)
	const name = (row: number) => nodeName(strings, nodes.base[row] as number, nodes.number[row] as number)
	expect("node rows in use", nodes.live, live.length)
	expect("nodes", nodes.count, live.filter((row) => nodes.exists[row] === 1).length)
	expect("nodes by name", [...nodesInOrder(nodes)].map(name), live.map(name).sort(byCodeUnit))
	for (const row of live) {
		const hash = nameHash(nodes.base[row] as number, nodes.number[row] as number)
		expect(`node row ${row} by its name`, isNamed(nodes, row, hash), true)
		expect(`node row ${row} is of use`, nodes.exists[row] === 1 || nodes.firstPod[row] !== -1, true)
		expect(`rank of node row ${row}`, nodes.order.atRank[nodes.rank[row] as number], row)
	}
	expect(
		"overlays of free node rows",
		[...nodes.overlays.keys()].filter((row) => free.has(row)),
		[],
	)
	for (const row of state.lost.keys()) expect(`node row ${row} is lost`, [free.has(row), nodes.exists[row]], [false, 0])
}

function auditShapes(state: State, expect: Expect): void {
	const { pods, nodes } = state
	auditUses("pod shapes", state.podShapes, podRows(pods), pods.shape, expect)
	auditUses("node shapes", state.nodeShapes, nodes, nodes.shape, expect)
}

function auditUses(what: string, table: Interned<unknown>, rows: Rows, shapes: Int32Array, expect: Expect): void {
	const uses = table.values.map(() => 0)
	for (const row of rowsInUse(rows)) uses[shapes[row] as number] = (uses[shapes[row] as number] ?? 0) + 1
	expect(`uses of ${what}`, table.uses, uses)
}

function auditTimeline(state: State, expect: Expect): void {
	const { timeline, pods, nodes } = state
	const live = timelineLists(timeline)
		.flatMap(({ lanes }) => lanes.flat())
		.sort(byNumber)
	expect("entries to wait for", timeline.lasting, live.filter((row) => !entryAt(timeline, row).repeat).length)
	const held = (kinds: readonly number[], column: Int32Array, table: Rows) => {
		const holding = rowsInUse(table).filter((row) => column[row] !== -1)
		const wanted = holding.map((row) => column[row] as number)
		expect(
			`entries of kind ${kinds}`,
			live.filter((row) => kinds.includes(entryAt(timeline, row).kind)),
			wanted.sort(byNumber),
		)
		for (const row of holding)
			expect(`subject of entry ${column[row]}`, entryAt(timeline, column[row] as number).subject, row)
	}
	held([Due.Schedule, Due.Life, Due.Stopped], pods.timer, podRows(pods))
	held([Due.Ripen], pods.ripens, podRows(pods))
	held([Due.Evict], pods.evicts, podRows(pods))
	held([Due.Node], nodes.timer, nodes)
	const tasks = live
		.filter((row) => entryAt(timeline, row).kind === Due.Task)
		.map((row) => entryAt(timeline, row).subject)
	expect("tasks", [...state.tasks.keys()].sort(byNumber), tasks.sort(byNumber))
	const running = state.daemonSets.filter((row) => row?.running === true).length
	expect("workers", state.workers, running)
	expect("workers at work", live.filter((row) => entryAt(timeline, row).kind === Due.Work).length, running)
}

/** Rows as free lists chain them: of a table, or of pods, whose rows are places. */
type Rows = Pick<Table, "rows" | "free" | "link"> & { readonly step?: number }

function podRows(pods: PodRows): Rows {
	return { rows: pods.end, free: pods.record.free, link: pods.link, step: POD_WORDS }
}

function rowsInUse(table: Rows): number[] {
	const free = freeRows(table)
	const rows: number[] = []
	for (let row = 0; row < table.rows; row += table.step ?? 1) if (!free.has(row)) rows.push(row)
	return rows
}

function freeRows(table: Rows): Set<number> {
	const free = new Set<number>()
	for (let row = table.free; row !== -1; row = table.link[row] as number) {
		if (free.has(row)) throw new Error(`free row ${row} is chained twice`)
		free.add(row)
	}
	return free
}

function walk(first: number, next: Int32Array): number[] {
	const rows = new Set<number>()
	for (let row = first; row !== -1; row = next[row] as number) {
		if (rows.has(row)) throw new Error(`row ${row} is chained twice`)
		rows.add(row)
	}
	return [...rows]
}

function* listsOf({ nodes }: State): Generator<readonly [number, number]> {
	const free = freeRows(nodes)
	for (let row = 0; row < nodes.rows; row++) if (!free.has(row)) yield [row, nodes.firstPod[row] as number]
}

function isNamed(table: Named, row: number, hash: number): boolean {
	return walk(firstNamed(table, hash), table.nextNamed).includes(row)
}

function hashOfPod({ pods }: State, row: number): number {
	return nameHash(pods.namespace[row] as number, pods.base[row] as number, pods.number[row] as number)
}

function byNumber(a: number, b: number): number {
	return a - b
}

function byFirst(a: readonly [number, unknown], b: readonly [number, unknown]): number {
	return a[0] - b[0]
}
