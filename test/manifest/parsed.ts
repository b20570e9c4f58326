import type { FileChange, ParsedFile } from "../../src/manifest/index.ts"
import { parseFile } from "../../src/manifest/index.ts"

export const SECRET_KEY = "a key of the state directory"

/** A file as `parseFile` reads it. */
export function parsed(text: string | Uint8Array, name = "a.yaml"): ParsedFile {
	const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text
	return parseFile(bytes, { name, secretKey: SECRET_KEY })
}

/** A change that brings a file with this text. */
export function fileChange(path: string, text: string, mode = "100644"): FileChange {
	const size = new TextEncoder().encode(text).length
	return { path, file: { path, mode, blob: `blob of ${text}`, size }, parsed: parsed(text, path) }
}

export function daemonSet(name: string, image = "agent:1", namespace = "agents"): string {
	return `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: agent
          image: ${image}
`
}

export function configMap(name: string, value: string, namespace = "agents"): string {
	return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata: {value: "${value}"}\n`
}

/** `severity code line:column` of each finding. */
export function brief(file: Pick<ParsedFile, "findings">): string[] {
	return file.findings.map(({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`)
}
