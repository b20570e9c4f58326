import { freeRecord, type Records, setWord, takeRecord, wordOf } from "./records.ts"
import type { TextId } from "./strings.ts"

/** What an Event is about; the names are as in the subject's own rows. */
export const Subject = { Pod: 0, Node: 1, DaemonSet: 2 } as const

export type About = {
	readonly subject: number
	readonly namespace: TextId
	readonly base: TextId
	readonly number: number
	readonly uid: number
}

/**
 * Words of a subject. `Newest` is the lower half of a row's number; `Seen` has a bit for each code that the subject may
 * have an Event of, 0 where it has none. `Uses`: its rows, and `HELD` while it may get more. The upper half of a uid is
 * beside the kind.
 */
export const Whom = { Kind: 0, Namespace: 1, Base: 2, Number: 3, Uid: 4, Newest: 5, Seen: 6, Uses: 7 } as const
export const HELD = 0x8000_0000

/** Where they are kept: in the log of Events. */
type Holder = { readonly subjects: Records }

/** Somebody whom Events are about, until `dropSubject` and for as long as one of them is kept. */
export function addSubject(
	{ subjects }: Holder,
	kind: number,
	namespace: TextId,
	base: TextId,
	number: number,
	uid: number,
): number {
	const row = takeRecord(subjects)
	setWord(subjects, row, Whom.Kind, kind + 4 * Math.floor(uid / 0x1_0000_0000))
	setWord(subjects, row, Whom.Namespace, namespace)
	setWord(subjects, row, Whom.Base, base)
	setWord(subjects, row, Whom.Number, number)
	setWord(subjects, row, Whom.Uid, uid)
	setWord(subjects, row, Whom.Newest, 0)
	setWord(subjects, row, Whom.Seen, 0)
	setWord(subjects, row, Whom.Uses, HELD)
	return row
}

/** Nothing more will happen to it. */
export function dropSubject({ subjects }: Holder, subject: number): void {
	const uses = wordOf(subjects, subject, Whom.Uses) & ~HELD
	if (uses === 0) freeRecord(subjects, subject)
	else setWord(subjects, subject, Whom.Uses, uses)
}

export function aboutOf({ subjects }: Holder, subject: number): About {
	const kind = wordOf(subjects, subject, Whom.Kind)
	return {
		subject: kind & 3,
		namespace: wordOf(subjects, subject, Whom.Namespace),
		base: wordOf(subjects, subject, Whom.Base),
		number: wordOf(subjects, subject, Whom.Number),
		uid: wordOf(subjects, subject, Whom.Uid) + (kind >>> 2) * 0x1_0000_0000,
	}
}
