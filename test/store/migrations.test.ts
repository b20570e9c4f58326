import { join } from "node:path"
import { expect, test } from "vitest"
import { Database } from "../../src/store/database.ts"
import { type Migration, migrate, requireVersion } from "../../src/store/migrations.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const STEPS: readonly Migration[] = [
	"CREATE TABLE agents (name TEXT); INSERT INTO agents VALUES ('fluentd');",
	"ALTER TABLE agents ADD COLUMN nodes INTEGER NOT NULL DEFAULT 0;",
	"CREATE INDEX agents_name ON agents (name);",
]

function database(): Database {
	return new Database(join(temporaryDirectory(), "some.db"), { synchronous: "OFF" })
}

test("every older version comes to the newest, with what it held", () => {
	for (let version = 0; version <= STEPS.length; version++) {
		const file = database()
		migrate(file, STEPS.slice(0, version))
		migrate(file, STEPS)
		migrate(file, STEPS)
		requireVersion(file, STEPS.length)
		expect(file.all("SELECT name, nodes FROM agents")).toEqual([{ name: "fluentd", nodes: 0 }])
		file.close()
	}
})

test("a step that fails half way leaves the version before it, whole", () => {
	const file = database()
	const broken = [...STEPS.slice(0, 1), "DELETE FROM agents; INSERT INTO nowhere VALUES (1);"]
	expect(() => migrate(file, broken)).toThrow("no such table: nowhere")
	expect(file.all("SELECT name FROM agents")).toEqual([{ name: "fluentd" }])
	requireVersion(file, 1)
	migrate(file, STEPS)
	requireVersion(file, STEPS.length)
	file.close()
})

test("a reader does not migrate: it says who does", () => {
	const file = database()
	migrate(file, STEPS.slice(0, 1))
	expect(() => requireVersion(file, STEPS.length)).toThrow(
		expect.objectContaining({ code: "OlderVersion", next: expect.stringContaining("rollcall run") as string }) as Error,
	)
	file.close()
})
