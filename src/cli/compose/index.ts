/**
 * Owns how the parts of Rollcall are put together: it alone sees all of them. Promises that whatever it opens closes as
 * one. Never decides anything: that is for the engine and the commands.
 */
export {
	EXTENSION,
	type Kubeconfig,
	kubeconfigAt,
	kubeconfigOf,
	type Serving,
	type Whereabouts,
	wayIn,
} from "../../api/index.ts"
export { openWriter, workFiles } from "../../git/index.ts"
export { leaveRequest, makeDirectory } from "../../store/index.ts"
export { openApi } from "./api.ts"
export { openAtRest } from "./at-rest.ts"
export { type OpenedEngine, openEngine, openRollbacks, type RunRequest, verifyOf } from "./engine.ts"
export {
	followingIn,
	importLedger,
	namesIn,
	type OpenedLedger,
	openLedger,
	pruneLedger,
} from "./ledger.ts"
export { openNotes } from "./notes.ts"
export { type OpenedReading, openReading } from "./reading.ts"
export { makeRepository } from "./story.ts"
