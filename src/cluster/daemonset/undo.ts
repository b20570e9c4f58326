import type { ControllerRevision, DaemonSet, PodTemplate } from "../../kube/index.ts"
import { claim } from "./claim.ts"
import { byRevision, revisionTemplate } from "./revisions.ts"
import { templateIdentity } from "./template-identity.ts"

/** `kubectl rollout undo`: its text, and the template to set where it does something. */
export type Undo =
	| { readonly kind: "rolled-back"; readonly message: string; readonly template: PodTemplate }
	| { readonly kind: "skipped"; readonly message: string }
	| { readonly kind: "refused"; readonly message: string }

/** H3: `toRevision` 0 is the second-highest number. `revisions`: all of the namespace. */
export function undo(daemonSet: DaemonSet, revisions: readonly ControllerRevision[], toRevision: number): Undo {
	const owner = { uid: daemonSet.metadata.uid ?? "", selector: daemonSet.spec.selector }
	const { claimed, adopt } = claim(owner, revisions)
	const history = claimed.filter((revision) => !adopt.includes(revision)).sort(byRevision)
	if (toRevision === 0 && history.length <= 1) return refused("no last revision to roll back to")
	const target = toRevision === 0 ? history.at(-2) : history.find(({ revision }) => revision === toRevision)
	const template = target === undefined ? undefined : revisionTemplate(target)
	if (target === undefined || template === undefined) {
		return refused(`unable to find specified revision ${toRevision} in history`)
	}
	if (templateIdentity(template) === templateIdentity(daemonSet.spec.template)) {
		const message = `skipped rollback (current template already matches revision ${target.revision})`
		return { kind: "skipped", message }
	}
	return { kind: "rolled-back", message: "rolled back", template }
}

function refused(message: string): Undo {
	return { kind: "refused", message: `error: ${message}` }
}
