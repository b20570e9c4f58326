/** A problem in what was read. `code` is kebab-case and stable: people filter and suppress by it. */
export type Finding = {
	readonly code: string
	readonly severity: "error" | "warning" | "info"
	readonly message: string
	/** Path in the repository, or as the user gave it; "-" is standard input. */
	readonly file: string
	/** From 1; 0 where the finding is about the whole file. */
	readonly line: number
	readonly column: number
	/** The object it is about, where it is known. */
	readonly object?: string
	/** The field, as the API server spells it: `spec.template.spec.containers[0].image`. */
	readonly field?: string
}
