/**
 * Manifests: YAML and JSON text in, objects and findings out.
 *
 * Owns how text is read (exactly as Kubernetes reads it), where in a file an object stands, and what is wrong with it.
 * Promises: bad input is a finding, never an exception, and never stops its neighbours. Never: opens a file.
 */
export { checkFiles } from "./check-files.ts"
export type { DriftRule } from "./config/drift.ts"
export { CONFIG_PATH, type RepositoryConfig, readConfig } from "./config/read-config.ts"
export type {
	DesiredObject,
	DesiredOptions,
	FileChange,
	ParsedFile,
	TreeFile,
} from "./contract.ts"
export { DesiredState } from "./desired-state.ts"
export { importFleet } from "./import-fleet.ts"
export { DEFAULT_LIMITS } from "./limits.ts"
export { asObject } from "./namespaced-kinds.ts"
export { parseFile } from "./parse-file.ts"
export { isManifestPath, skipReason } from "./paths.ts"
export { positionOf } from "./position-of.ts"
export { type DumpItem, readDump } from "./read-dump.ts"
export { removeDocument, restoreDocument } from "./restore-document.ts"
export { withoutSecrets } from "./secret.ts"
export { readYaml } from "./yaml-document.ts"
