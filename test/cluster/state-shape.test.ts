import { expect, test } from "vitest"
import { loadCluster } from "../../src/cluster/index.ts"
import { decodePlain, encodePlain } from "../../src/cluster/state/plain.ts"
import { apply, cluster, daemonSet, settle } from "../builders/cluster.ts"

test("a snapshot of another shape is refused, not guessed at", () => {
	const running = cluster()
	apply(running, daemonSet())
	settle(running)
	const saved = running.save()
	expect(loadCluster(saved).digest()).toBe(running.digest())
	const { timeline: _, ...other } = decodePlain(saved) as { readonly timeline: unknown }
	expect(() => loadCluster(encodePlain(other))).toThrow("written by another version of Rollcall")
})
