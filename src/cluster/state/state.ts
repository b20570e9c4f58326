import type { Instant } from "../../base/index.ts"
import type { KubeObject, ObjectKey } from "../../kube/index.ts"
import type { TimedFault } from "../node-lifecycle/index.ts"
import type { Settings } from "../settings.ts"
import { type Crowd, createCrowd } from "../timeline/crowd.ts"
import { createTimeline, type Timeline } from "../timeline/timeline.ts"
import type { DaemonSetRow } from "./daemon-sets.ts"
import { createEvents, type EventLog } from "./events.ts"
import { createInterned, type Interned } from "./interned.ts"
import { createNodes, type NodeRows, type NodeShape } from "./nodes.ts"
import { PodRows, type PodShape } from "./pods.ts"
import { createStrings, type Strings } from "./strings.ts"

/** Everything that can influence a later event, in one plain value: copied by `copyPlain`, saved by `encodePlain`. */
export type State = {
	readonly format: 1
	readonly settings: Settings
	now: Instant
	/** Of the newest fact. */
	sequence: number
	/** The newest resourceVersion. */
	version: number
	/** Uids given out. */
	uids: number
	/** The digest's lanes, as of the newest fact. */
	digest: number[]
	strings: Strings
	podShapes: Interned<PodShape>
	nodeShapes: Interned<NodeShape>
	/** Every object but pods, nodes and Events. */
	objects: Map<ObjectKey, KubeObject>
	/** Keys of ControllerRevisions by namespace. */
	revisions: Map<string, string[]>
	pods: PodRows
	nodes: NodeRows
	events: EventLog
	timeline: Timeline
	crowd: Crowd
	/** By slot; a slot is used again once its DaemonSet and all its pods are gone. */
	daemonSets: (DaemonSetRow | undefined)[]
	slots: Map<ObjectKey, number>
	/** DaemonSets that wait for a worker. */
	queue: number[]
	workers: number
	/** N16: the controller manager's token bucket. */
	client: { tokens: number; at: Instant }
	/** Images by text: a bit for each node row that holds it. */
	images: Map<number, Uint32Array>
	/** N6: the tick of pod garbage collection that is due, or -1; nodes that pods still name, and since when. */
	collecting: number
	lost: Map<number, Instant>
	/** Namespaces that are being emptied; true where a look is planned. */
	closing: Map<string, boolean>
	/** Deletions that owners' garbage collection will look at, and steps of Scenarios, by number. */
	tasks: Map<number, Task>
	taskCount: number
	/** D12: by zone, when its last NoExecute taint came, whether the next one is planned, and which nodes wait for it. */
	zones: Map<string, { last: Instant | undefined; planned: boolean; queue: number[] }>
	/** Pods that found no place, by row, in the order in which they are tried again. */
	unschedulable: Map<number, number>
}

/** What a timeline entry needs beyond a number. */
export type Task =
	| { kind: "collect"; uid: string; key: ObjectKey }
	| { kind: "close"; namespace: string }
	| { kind: "zone"; name: string }
	| { kind: "out-of-service"; node: string }
	/** `ends`: the faults that end a step whose beginning has been played. */
	| { kind: "scenario"; uid: string; key: ObjectKey; step: number; created: Instant; ends: TimedFault[] }

export function createState(settings: Settings, start: Instant): State {
	return {
		format: 1,
		settings,
		now: start,
		sequence: 0,
		version: 0,
		uids: 0,
		digest: [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x71374491],
		strings: createStrings(),
		podShapes: createInterned(),
		nodeShapes: createInterned(),
		objects: new Map(),
		revisions: new Map(),
		pods: new PodRows(),
		nodes: createNodes(),
		events: createEvents(),
		timeline: createTimeline(),
		crowd: createCrowd(),
		daemonSets: [],
		slots: new Map(),
		queue: [],
		workers: 0,
		client: { tokens: settings.controlPlaneBurst, at: start },
		images: new Map(),
		collecting: -1,
		lost: new Map(),
		closing: new Map(),
		tasks: new Map(),
		taskCount: 0,
		zones: new Map(),
		unschedulable: new Map(),
	}
}
