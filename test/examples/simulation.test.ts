import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { checkFiles } from "../../src/manifest/index.ts"

test("every manifest that SIMULATION.md shows is valid", () => {
	const text = readFileSync(new URL("../../examples/SIMULATION.md", import.meta.url), "utf8")
	const files = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""], index) => ({
		path: `${index}.yaml`,
		bytes: new TextEncoder().encode(yaml),
	}))
	expect(checkFiles(files, { secretKey: "test" })).toMatchObject({ findings: [], objects: 3 })
})
