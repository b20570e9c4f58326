import type { Finding } from "../kube/index.ts"
import { CONFIG_PATH, readConfig } from "./config/read-config.ts"
import type { DesiredOptions } from "./contract.ts"
import { DesiredState } from "./desired-state.ts"
import { type ParseOptions, parseFile } from "./parse-file.ts"

/** Reads files as one commit's tree: what is wrong with them, what they describe, and how many objects that is. */
export function checkFiles(
	files: readonly { readonly path: string; readonly bytes: Uint8Array }[],
	options: DesiredOptions & Pick<ParseOptions, "secretKey">,
): { readonly findings: readonly Finding[]; readonly objects: number; readonly described: DesiredState["objects"] } {
	const state = new DesiredState(options)
	const limits = options.limits ?? {}
	const configs = files.filter(({ path }) => isConfig(path))
	state.apply(
		files
			.filter(({ path }) => !isConfig(path))
			.map(({ path, bytes }) => ({
				path,
				file: { path, mode: "100644", blob: "", size: bytes.length },
				parsed: parseFile(bytes, { name: path, secretKey: options.secretKey, limits }),
			})),
	)
	const objects = [...state.objects.values()].filter(({ implied }) => implied === undefined).length
	const findings = [...configs.flatMap(({ path, bytes }) => readConfig(bytes, path).findings), ...state.findings]
	return { findings, objects, described: state.objects }
}

function isConfig(path: string): boolean {
	return path === CONFIG_PATH || path.endsWith(`/${CONFIG_PATH}`)
}
