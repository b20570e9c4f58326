import type { Victim } from "./victim.ts"

const PATH = "/api/v1/namespaces/kube-system/configmaps"
const JSON_BODY = "Content-Type: application/json"

/** Someone at work beside the attacks: how long each of their requests took, in milliseconds. */
export class User {
	readonly took: number[] = []
	readonly wrong: string[] = []
	readonly #victim: Victim
	#over = false

	constructor(victim: Victim) {
		this.#victim = victim
	}

	/** Until `leave`: a write and its reading, again and again, each over a connection of its own. */
	async work(): Promise<void> {
		const object = (n: number) =>
			JSON.stringify({ kind: "ConfigMap", apiVersion: "v1", metadata: { name: "user" }, data: { n: `${n}` } })
		await this.#ask(201, `POST ${PATH}`, object(0))
		for (let n = 1; !this.#over; n++) {
			await this.#ask(200, `PUT ${PATH}/user`, object(n))
			const read = await this.#ask(200, `GET ${PATH}/user`)
			if (read.body?.data?.n !== `${n}`) this.wrong.push(`wrote ${n}, and read ${read.text}`)
			await this.#ask(200, "GET /api/v1/nodes?limit=10")
			await new Promise((on) => setTimeout(on, 100))
		}
	}

	leave(): void {
		this.#over = true
	}

	async #ask(status: number, line: string, body = "") {
		const begun = performance.now()
		const said = await this.#victim.ask(line, [JSON_BODY], body)
		this.took.push(performance.now() - begun)
		if (said.status !== status) this.wrong.push(`${line}: ${said.status} ${said.text}`)
		return said
	}
}
