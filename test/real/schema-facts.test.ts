import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { generateFacts } from "../kube/generate-facts.ts"

const documents = fileURLToPath(new URL("../../../shared/openapi", import.meta.url))
const committed = fileURLToPath(new URL("../../src/kube/schema/facts.ts", import.meta.url))

test.skipIf(!existsSync(documents))(
	"the schema facts are those of the API's own documents (skipped without ../shared/openapi; UPDATE=1 rewrites them)",
	() => {
		const facts = generateFacts(documents)
		if (process.env["UPDATE"] === "1") writeFileSync(committed, facts)
		expect(readFileSync(committed, "utf8")).toBe(facts)
	},
)
