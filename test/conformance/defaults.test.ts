import { type KubeObject, prepareCreate } from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type DefaultsCase = Case & { readonly daemonSet: KubeObject; readonly expected: object }

/** The cases leave out the type, the status and empty members (their README: a missing member means empty). */
function bare(value: unknown): unknown {
	const text = JSON.stringify(value, (member, item: unknown) => {
		if (member === "apiVersion" && (item === "apps/v1" || item === undefined)) return undefined
		return member === "kind" || member === "status" || (member === "resources" && isEmpty(item)) ? undefined : item
	})
	return JSON.parse(text)
}

function isEmpty(value: unknown): boolean {
	return JSON.stringify(value) === "{}"
}

suite<DefaultsCase>("defaults", "[A4] a written DaemonSet is stored with the real defaults", (given) =>
	difference(bare(prepareCreate(given.daemonSet)), bare(given.expected)),
)
