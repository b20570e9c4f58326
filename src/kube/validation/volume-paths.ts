import type { FieldErrors } from "./errors.ts"

export function validateNoBacksteps(errors: FieldErrors, path: string, field: string): void {
	if (path.split("/").includes("..")) errors.invalid(field, path, "must not contain '..'")
}

/** A path below the volume: relative, and never up. */
export function validateDescendingPath(errors: FieldErrors, path: string, field: string): void {
	if (path.startsWith("/")) errors.invalid(field, path, "must be a relative path")
	validateNoBacksteps(errors, path, field)
}

export function validateLocalPath(errors: FieldErrors, path: string, field: string): void {
	validateDescendingPath(errors, path, field)
	if (path.startsWith("..") && !path.startsWith("../")) errors.invalid(field, path, "must not start with '..'")
}
