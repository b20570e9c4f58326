/** A value that no log, message or JSON shows: only `reveal` gives it, at the one place that needs it. */
export class Secret {
	readonly #value: string

	constructor(value: string) {
		this.#value = value
	}

	reveal(): string {
		return this.#value
	}

	toString(): string {
		return "[redacted]"
	}

	toJSON(): string {
		return "[redacted]"
	}

	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return "[redacted]"
	}
}

/** The text without what may be a credential: the user part of URLs (but for ssh's plain user), authorization headers. */
export function redact(text: string): string {
	return text
		.replace(/([a-z][a-z0-9+.-]*:\/\/)([^\s'"<>]*)@/gi, (whole, scheme: string, user: string) =>
			/^ssh:\/\/$/i.test(scheme) && /^[\w.-]+$/.test(user) ? whole : scheme,
		)
		.replace(/(^|[\s'"])[^\s'"/:]+:[^\s'"/]*@/g, "$1")
		.replace(/(authorization:\s*)((basic|bearer)\s+)?\S+/gi, "$1[redacted]")
}
