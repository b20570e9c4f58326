import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { hasKubectl } from "../builders/kubectl.ts"
import { answers, asked } from "./kubectl/exchanges.ts"
import { BY_TIME, GOING, GONE, IN_FLIGHT, NOT_COMPARED, OVERTAKEN } from "./kubectl/freedoms.ts"
import { asksTheSame, otherWords } from "./kubectl/older.ts"
import { plain } from "./kubectl/plain.ts"
import { recorded } from "./kubectl/recording.ts"
import { SPEED, type Stage, stage } from "./kubectl/stage.ts"

describe.skipIf(!hasKubectl())("a real kubectl against rollcall run (skipped where there is none on the PATH)", () => {
	let on: Stage
	/** The pod on worker-1 that was recorded as log-agent-nkg2s. */
	let pod: string | undefined
	beforeAll(async () => {
		on = await stage()
	})
	afterAll(() => on?.end())

	// What follows until it is stopped has a test of its own.
	const session = recorded().filter(({ command }) => !command.endsWith(" -w"))
	test.for(session.map((said, index) => ({ ...said, name: `${index + 1}. ${said.command}` })))(
		"$name",
		async ({ file, command, printed, exchanges }, { skip }) => {
			if (pod === undefined && command.includes("log-agent-nkg2s")) {
				const found = await on.kubectl("kubectl get pods -o name --field-selector spec.nodeName=worker-1")
				on.exchanges()
				pod = /pod\/(\S+)/.exec(found)?.[1] ?? "no-pod"
			}
			// The cluster's clock is faster than kubectl's.
			const line = command
				.replaceAll("log-agent-nkg2s", pod ?? "")
				.replace("--timeout=2s", `--timeout=${2_000 / SPEED}ms`)
			let ours = await on.kubectl(line)
			while (ours.includes(OVERTAKEN)) {
				on.exchanges()
				ours = await on.kubectl(line)
			}
			const heard = on.exchanges()
			const why = otherWords(command)
			if (why !== undefined) skip(why)
			if (asksTheSame) expect(asked(heard, command)).toEqual(asked(exchanges, command))
			if (NOT_COMPARED.has(command)) return
			const moment = {
				inFlight: IN_FLIGHT.has(`${file}: ${command}`),
				byTime: BY_TIME.test(command),
			}
			for (const { request, ours, recorded } of moment.inFlight ? [] : answers(heard, exchanges, command)) {
				expect({ request, ours }).toEqual({ request, ours: recorded })
			}
			if (printed === undefined) return
			if (moment.inFlight && ours === GONE && GOING.test(printed)) return
			expect(plain(ours, moment)).toEqual(plain(printed, moment))
		},
	)
})
