import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it, describe as suite } from "vitest"
import { parse } from "yaml"
import { parseInstant } from "../../src/base/index.ts"
import { describe } from "../../src/cli/describe/describe.ts"
import { printObjects } from "../../src/cli/get/print.ts"
import { type KubeObject, keyOf, resolveKind } from "../../src/kube/index.ts"
import { clusterReader } from "../cli/cluster-reader.ts"
import { recorded as session } from "./kubectl/recording.ts"

const said = session()

/** The output of one recorded command. */
function recorded(file: string, command: string): string {
	const printed = said.find((one) => one.file === file && one.command === command)?.printed
	if (printed === undefined) throw new Error(`${command} was not recorded in ${file}`)
	return printed.slice(0, printed.indexOf("--- "))
}

suite("output as kubectl's own", () => {
	const now = parseInstant("2026-11-20T18:19:42Z") ?? 0
	const load = () => {
		const pod = parse(recorded("get-pod-yaml.txt", "kubectl get pod log-agent-nkg2s -o yaml")) as KubeObject
		const daemonSet = JSON.parse(recorded("get-ds-json.txt", "kubectl get ds log-agent -o json")) as KubeObject
		return { pod, daemonSet, reader: clusterReader([pod, daemonSet], now) }
	}
	const untilEvents = (text: string) => text.slice(0, text.indexOf("Events:"))

	it("describes a pod byte for byte", () => {
		const { pod, reader } = load()
		const real = recorded("describe-pod.txt", "kubectl describe pod log-agent-nkg2s")
		expect(untilEvents(describe(reader, keyOf(pod), pod))).toBe(untilEvents(real))
	})

	it("describes a DaemonSet byte for byte, its other four pods aside", () => {
		const { daemonSet, reader } = load()
		const real = untilEvents(recorded("describe-ds.txt", "kubectl describe ds log-agent"))
		const ours = untilEvents(describe(reader, keyOf(daemonSet), daemonSet))
		expect(ours.replace("1 Running", "5 Running")).toBe(real)
	})

	it.each([
		["kubectl get ds log-agent", "table"],
		["kubectl get ds -o wide", "wide"],
		["kubectl get ds -o name", "name"],
	] as const)("prints the DaemonSet as %s does", (command, format) => {
		const kind = resolveKind("ds")
		if (!kind) throw new Error("no kind")
		const at = (parseInstant("2026-11-20T18:19:39Z") ?? 0) + 0
		expect(printObjects(kind, [load().daemonSet], { format, now: at })).toBe(recorded("get-ds.txt", command))
	})

	it("prints the DaemonSet's YAML byte for byte", () => {
		const kind = resolveKind("ds")
		if (!kind) throw new Error("no kind")
		const real = recorded("get-ds-yaml.txt", "kubectl get ds log-agent -o yaml")
		expect(printObjects(kind, [load().daemonSet], { format: "yaml", now, single: true })).toBe(real)
	})
})

const shared = fileURLToPath(new URL("../../../shared/reference/kubectl/", import.meta.url))

it.skipIf(!existsSync(shared))("has the recording as it is in ../shared (skipped where that is not there)", () => {
	for (const { file, command, printed } of said) {
		if (file === undefined || printed === undefined) continue
		expect(readFileSync(`${shared}${file}`, "utf8")).toContain(`$ ${command}\n${printed}`)
	}
})
