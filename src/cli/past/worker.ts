import { parentPort, workerData } from "node:worker_threads"
import { recall } from "./recall.ts"

// A program of its own beside the bundle: what `recallBeside` starts.
const recalled = recall(workerData.directory, workerData.when)
parentPort?.postMessage(recalled, "cluster" in recalled ? [recalled.cluster.buffer as ArrayBuffer] : [])
