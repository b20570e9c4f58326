import { byCodeUnit, isObject, type JsonObject } from "../../base/index.ts"
import type { ControllerRevision, DaemonSet, PodTemplate } from "../../kube/index.ts"
import { claim } from "./claim.ts"
import { ownerReference } from "./daemon-pod.ts"
import { HASH_LABEL } from "./names.ts"
import { revisionHash } from "./revision-name.ts"
import { templateIdentity } from "./template-identity.ts"

/** What a sync does to ControllerRevisions, in order. `revision` is the whole object as it is to be. */
export type RevisionWrite =
	| { readonly kind: "create-revision"; readonly revision: ControllerRevision }
	| { readonly kind: "update-revision"; readonly revision: ControllerRevision }
	| { readonly kind: "delete-revision"; readonly name: string }
	/** H6: every pod of the DaemonSet gets this hash label. */
	| { readonly kind: "relabel-pods"; readonly hash: string }
	/** H4: `status.collisionCount` goes to this, and the sync fails. */
	| { readonly kind: "raise-collision-count"; readonly collisionCount: number }

export type RevisionByName = (name: string) => ControllerRevision | undefined

export type RevisionOutcome =
	| {
			readonly writes: readonly RevisionWrite[]
			/** The current template's revision, as it is after the writes. */
			readonly current: ControllerRevision
			/** All others, the lowest number first. */
			readonly old: readonly ControllerRevision[]
			readonly error?: never
	  }
	| { readonly writes: readonly RevisionWrite[]; readonly error: string }

/**
 * H1 to H6: which revision the template has. `revisions`: at least those of the namespace that it owns or that nobody
 * does. `named`: any of the namespace by its name, whoever owns it.
 */
export function planRevisions(
	daemonSet: DaemonSet,
	revisions: readonly ControllerRevision[],
	named: RevisionByName = (name) => revisions.find(({ metadata }) => metadata.name === name),
): RevisionOutcome {
	const { claimed, writes } = claimRevisions(daemonSet, revisions)
	const identity = templateIdentity(daemonSet.spec.template)
	const matching = claimed.filter((revision) => identityOf(revision) === identity)
	const old = claimed.filter((revision) => identityOf(revision) !== identity).sort(byRevision)
	// H2: a template that returns goes above all others.
	const number = Math.max(0, ...old.map(({ revision }) => revision)) + 1
	const kept = matching.reduce<ControllerRevision | undefined>(
		(best, each) => (best === undefined || each.revision >= best.revision ? each : best),
		undefined,
	)
	if (kept === undefined) return newRevision(daemonSet, { named, number, old, writes })
	if (matching.length > 1) {
		writes.push({ kind: "relabel-pods", hash: revisionLabel(kept) })
		for (const { metadata } of matching) {
			if (metadata.name !== kept.metadata.name) writes.push({ kind: "delete-revision", name: metadata.name })
		}
	}
	if (kept.revision >= number) return { writes, current: kept, old }
	const current = { ...kept, revision: number }
	writes.push({ kind: "update-revision", revision: current })
	return { writes, current, old }
}

/**
 * H5: the old revisions to delete, the lowest first. `liveHashes`: hash labels of all claimed pods with a node (rule
 * C1), even those that have ended and are being deleted.
 */
export function cleanUpRevisions(
	old: readonly ControllerRevision[],
	liveHashes: ReadonlySet<string>,
	limit: number,
): readonly string[] {
	const unused = [...old].sort(byRevision).filter((revision) => !liveHashes.has(revisionLabel(revision)))
	return unused.slice(0, Math.max(0, old.length - limit)).map(({ metadata }) => metadata.name)
}

/** The hash label of a revision: what its pods carry. */
export function revisionLabel({ metadata }: ControllerRevision): string {
	return metadata.labels?.[HASH_LABEL] ?? metadata.name
}

/** The template that a revision holds; undefined where its data is not of this form. */
export function revisionTemplate(revision: ControllerRevision): PodTemplate | undefined {
	const template = heldTemplate(revision)
	if (template === undefined) return undefined
	const { $patch: _, ...rest } = template
	return rest as unknown as PodTemplate
}

/** By number; equal numbers by name. */
export function byRevision(a: ControllerRevision, b: ControllerRevision): number {
	return a.revision - b.revision || byCodeUnit(a.metadata.name, b.metadata.name)
}

function claimRevisions(daemonSet: DaemonSet, revisions: readonly ControllerRevision[]) {
	const owner = { uid: daemonSet.metadata.uid ?? "", selector: daemonSet.spec.selector }
	const { claimed, adopt, release } = claim(owner, revisions)
	const adopted = new Set(adopt)
	const writes: RevisionWrite[] = release.map((revision) => ({
		kind: "update-revision",
		revision: withoutOwner(revision, owner.uid),
	}))
	const labelled = claimed.map((revision): ControllerRevision => {
		const { metadata } = revision
		const hasLabel = metadata.labels !== undefined && Object.hasOwn(metadata.labels, HASH_LABEL)
		if (hasLabel && !adopted.has(revision)) return revision
		const changed: ControllerRevision = {
			...revision,
			metadata: {
				...metadata,
				// The name, not a hash: so it cannot collide.
				...(hasLabel ? {} : { labels: { ...metadata.labels, [HASH_LABEL]: metadata.name } }),
				...(adopted.has(revision)
					? { ownerReferences: [...(metadata.ownerReferences ?? []), ownerReference(daemonSet)] }
					: {}),
			},
		}
		writes.push({ kind: "update-revision", revision: changed })
		return changed
	})
	return { claimed: labelled, writes }
}

function withoutOwner(revision: ControllerRevision, uid: string): ControllerRevision {
	const ownerReferences = (revision.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid)
	return { ...revision, metadata: { ...revision.metadata, ownerReferences } }
}

function newRevision(
	daemonSet: DaemonSet,
	given: {
		readonly named: RevisionByName
		readonly number: number
		readonly old: readonly ControllerRevision[]
		readonly writes: readonly RevisionWrite[]
	},
): RevisionOutcome {
	const { number, old, writes } = given
	const { metadata, spec, status } = daemonSet
	const hash = revisionHash(spec.template, status?.collisionCount)
	const name = `${metadata.name}-${hash}`
	const taken = given.named(name)
	if (taken !== undefined) {
		// Somebody else's, with this very template: used as it is.
		if (identityOf(taken) === templateIdentity(spec.template)) return { writes, current: taken, old }
		const raise: RevisionWrite = { kind: "raise-collision-count", collisionCount: (status?.collisionCount ?? 0) + 1 }
		return { writes: [...writes, raise], error: `controllerrevisions.apps "${name}" already exists` }
	}
	const current: ControllerRevision = {
		apiVersion: "apps/v1",
		kind: "ControllerRevision",
		metadata: {
			name,
			namespace: metadata.namespace ?? "",
			labels: { ...spec.template.metadata?.labels, [HASH_LABEL]: hash },
			// H7: copied when it is made, never refreshed.
			...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
			ownerReferences: [ownerReference(daemonSet)],
		},
		data: { spec: { template: { ...(spec.template as unknown as JsonObject), $patch: "replace" } } },
		revision: number,
	}
	return { writes: [...writes, { kind: "create-revision", revision: current }], current, old }
}

function identityOf(revision: ControllerRevision): string | undefined {
	const template = heldTemplate(revision)
	return template === undefined ? undefined : templateIdentity(template as unknown as PodTemplate)
}

function heldTemplate({ data }: ControllerRevision): JsonObject | undefined {
	const { spec } = data ?? {}
	return isObject(spec) && isObject(spec["template"]) ? spec["template"] : undefined
}
