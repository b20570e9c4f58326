/**
 * The repository that Rollcall follows: where it is, whether it moved, and what its commits hold.
 *
 * Owns every git process: its arguments, its environment, its limits and its end. Promises: a repository that is only
 * read is never checked out, written to, or allowed to run anything; what is wrong with it is a state with a next
 * step, and no credential is in any message. Never: trusts a name, a path or a setting that a repository brings.
 * Least git: 2.38.
 */
export { SourceError } from "./failure.ts"
export { writeNotes } from "./notes.ts"
export { openSource, openWriter, type SourceOptions } from "./open.ts"
export { type Trust, trustDigest } from "./signatures.ts"
export { workFiles } from "./work-files.ts"
export { commitFiles, createRepository } from "./write.ts"
