import type { ReadLimits } from "./contract.ts"

export const DEFAULT_LIMITS: ReadLimits = {
	fileSize: 4 * 1024 * 1024,
	files: 100_000,
	documentSize: 1.5 * 1024 * 1024,
	depth: 64,
	aliasNodes: 10_000,
	findings: 50,
}
