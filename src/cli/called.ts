import { basename } from "node:path"

/** What people type to call the program: by its second name it is a plugin of kubectl. */
export type Called = "rollcall" | "kubectl rollcall"

/** By the path of what was run, which is a link where it is installed. */
export function calledBy(path: string): Called {
	return basename(path).startsWith("kubectl-rollcall") ? "kubectl rollcall" : "rollcall"
}

/** kubectl asks this name what may come next on a line that begins with `kubectl rollcall`. */
export function isCompletion(path: string): boolean {
	return basename(path).startsWith("kubectl_complete-rollcall")
}

const COMMANDS =
	"annotate|bisect|check|completion|cordon|delete|describe|diff|drain|fleet|get|history|kubeconfig|label|ledger|plan|" +
	"replay|resume|rollout|run|show|start|status|suspend|sync|trace|uncordon"
const LINE = new RegExp(`(?<!kubectl )\\brollcall (?=(?:${COMMANDS})\\b|--?[a-z])`, "g")

/** Words for people, with the commands in them as they are typed here. */
export function asTyped(text: string, called: Called): string {
	return called === "rollcall" ? text : text.replace(LINE, `${called} `)
}
