import { createReadStream, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { byCodeUnit, sha256 } from "../base/index.ts"
import type { Fleet } from "../engine/index.ts"
import { keyOf } from "../kube/index.ts"
import { readDump } from "../manifest/index.ts"
import { CliError } from "./failure.ts"

/** Nodes and pods of a file, or of the files of a folder, by name; throws a CliError where they cannot be read. */
export async function readFleet(path: string): Promise<Fleet> {
	const objects: Fleet["objects"][number][] = []
	const findings: Fleet["findings"][number][] = []
	let digest = ""
	try {
		for (const file of fleetFiles(path)) {
			for await (const item of readDump(createReadStream(file), file)) {
				if (item.kind === "finding") {
					if (item.finding.severity !== "info") findings.push(item.finding)
				} else {
					objects.push([keyOf(item.object), item.object])
					digest = sha256(digest + JSON.stringify(item.object))
				}
			}
		}
	} catch (cause) {
		const message = `Cannot read the fleet ${path}: ${cause instanceof Error ? cause.message : cause}`
		throw new CliError(message, {
			next: "name a file of NodePools, or of what kubectl get nodes -o yaml printed, or a folder of such files",
			cause,
		})
	}
	return { name: path, digest, objects, findings }
}

/** A file itself; of a folder its YAML and JSON files, in order of their names. */
function fleetFiles(path: string): readonly string[] {
	if (!statSync(path).isDirectory()) return [path]
	const files = readdirSync(path).filter((name) => /\.(ya?ml|json)$/.test(name))
	if (files.length === 0) throw new Error("there is no .yaml or .json file in it")
	return files.sort(byCodeUnit).map((name) => join(path, name))
}
