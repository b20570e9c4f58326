/** What an entry of the timeline is about; the comment says what `subject` and `extra` are. */
export const Due = {
	/** Pod row: ready for minReadySeconds (rule R4). */
	Ripen: 1,
	/** Pod row: the scheduler looks at it. */
	Schedule: 2,
	/** Pod row: the next stage of its life. */
	Life: 3,
	/** Pod row: its containers have stopped. */
	Stopped: 4,
	/** Pod row: a NoExecute taint has been tolerated long enough. */
	Evict: 5,
	/** DaemonSet slot: the watch delivers. */
	Deliver: 6,
	/** DaemonSet slot: its worker goes on. */
	Work: 7,
	/** DaemonSet slot: it is queued again. */
	Queue: 8,
	/** Node row: the node lifecycle looks at it (`extra`: a step). */
	Node: 9,
	/** The pod collector looks. */
	CollectPods: 10,
	/** Task number. */
	Task: 11,
} as const
