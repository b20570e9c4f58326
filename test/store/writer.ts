/**
 * A process that writes to a state directory until it is killed: `tsx writer.ts DIRECTORY hold|write`. It says on its
 * standard output what was acknowledged: a line a batch.
 */
import { writeSync } from "node:fs"
import { openStore } from "../../src/store/index.ts"
import { applyInput, batch, commitEntry, configMap, mark, placed } from "../builders/ledger.ts"

const [directory = "", mode] = process.argv.slice(2)
const store = openStore(directory, { what: "test writer", wait: 10_000 })
if (mode === "hold") {
	store.commit(batch())
	writeSync(1, `${process.pid}\n`)
	setInterval(() => {}, 1_000)
} else {
	const first = (store.mark()?.journal ?? 0) + 1
	for (let number = first; ; number++) {
		const name = `c${number}`
		store.commit(
			batch({
				inputs: [placed(applyInput(configMap(name), name))],
				entries: [commitEntry(name), commitEntry(`${name}-again`)],
				rest: name,
				mark: mark(number, { journal: number }),
			}),
		)
		if (number % 7 === 0) {
			store.saveSnapshot({ mark: mark(number, { journal: number }), cluster: new Uint8Array(200_000), rest: name })
		}
		writeSync(1, `${number}\n`)
	}
}
