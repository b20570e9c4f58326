/** Where a pod stands on its node. Small whole numbers, so that a column can hold them. */
export const Stage = {
	Pulling: 1,
	PullBackOff: 2,
	Starting: 3,
	/** An init container runs. */
	Initializing: 4,
	/** All containers run, and are not ready. */
	Running: 5,
	Ready: 6,
	CrashBackOff: 7,
	Failed: 8,
	Succeeded: 9,
	/** L16: the pod takes its node down now; what comes then is the node's affair. */
	BreakingNode: 10,
} as const
export type Stage = (typeof Stage)[keyof typeof Stage]

/** What a pod's life has come to. Its holder keeps the numbers in columns; the functions here write into the one given. */
export type Moment = {
	stage: Stage
	/** Which group of containers (`Life.groups`). */
	group: number
	/** Pulls of this group that failed. */
	pullFailures: number
	restarts: number
	/** Bit i: the image of container i had to be pulled when its group began; another pod may bring it meanwhile. */
	missing: number
	/** Until the next stage, in ms; -1 where none comes by itself: all is well, or a loop at its longest back-off (L13). */
	waitMs: number
}

/** What a life depends on besides the template. */
export type Circumstances = {
	/** `die(seed, "kubelet")`. */
	base: number
	/** The pod's own number: the same pod throws the same dice, whenever it is asked. */
	pod: number
	/** Bit i: the image of container i is not on the node now. Images beyond the 31st count as present. */
	missing: number
	/** How many times slower pulls are on this node now; 1 is normal. */
	pullFactor: number
}
