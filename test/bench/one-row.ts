import { argv, stdout } from "node:process"
import { ROWS } from "./cluster-rows.ts"

/** Measures the row that it is told, and prints its figures as JSON. */
const measure = ROWS.get(argv[2] ?? "")
if (measure === undefined) throw new Error(`no row is called "${argv[2]}"`)
stdout.write(JSON.stringify(measure()))
