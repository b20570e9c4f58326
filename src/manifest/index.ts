/**
 * Manifests: YAML and JSON text in, objects and findings out.
 *
 * Owns how text is read (exactly as Kubernetes reads it), where in a file an object stands, and what is wrong with it.
 * Promises: bad input is a finding, never an exception, and never stops its neighbours. Never: opens a file.
 */
export type { Desired, DesiredObject, ParsedDocument, ParsedFile, TreeFile } from "./contract.ts"
