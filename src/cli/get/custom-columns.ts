import { byCodeUnit, isObject, type Json } from "../../base/index.ts"
import { type KubeObject, parseJsonPath } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import { formatTable } from "../output/table.ts"

/** What `-o custom-columns=HEADER:PATH,…` prints. Throws a CliError where it cannot be read. */
export function customColumns(spec: string): (objects: readonly KubeObject[], noHeaders: boolean) => string {
	const columns = spec.split(",").map((part) => {
		const [, header = "", path = ""] = /^([^:]+):(.+)$/s.exec(part) ?? []
		const find = path === "" ? undefined : parseJsonPath(path.replace(/^(?=[^.[{$])/, "."))
		if (find !== undefined) return { header, find }
		const next = "write HEADER:PATH,…, such as NAME:.metadata.name,NODE:.spec.nodeName"
		throw new CliError(`Cannot read the column "${part}"`, { next })
	})
	return (objects, noHeaders) => {
		const rows = objects.map((object) => columns.map(({ find }) => find(object).map(shown).join(",") || "<none>"))
		const headers = columns.map(({ header }) => header)
		return formatTable(headers, rows, { noHeaders })
	}
}

/** Maps and lists as kubectl shows them, which is how Go does. */
function shown(value: Json): string {
	if (value === null) return "<nil>"
	if (Array.isArray(value)) return `[${value.map(shown).join(" ")}]`
	if (!isObject(value)) return String(value)
	const names = Object.keys(value).sort(byCodeUnit)
	return `map[${names.map((name) => `${name}:${shown(value[name] ?? null)}`).join(" ")}]`
}
