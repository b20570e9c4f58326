import { once } from "node:events"
import { readFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { program, started } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

/** Another program that listens there. */
async function takes(port: number): Promise<number> {
	const other = createServer().listen(port, "127.0.0.1")
	await once(other, "listening")
	onTestFinished(() => void other.close())
	return (other.address() as AddressInfo).port
}

test("run says who has the port that was named, and what to do", async () => {
	const port = await takes(0)
	const words = ["run", repository().path, "--state", temporaryDirectory(), "--listen", String(port)]
	expect(await program(words)).toEqual({
		code: 1,
		out: "",
		err: `error: Cannot serve the API at 127.0.0.1:${port}: another process listens there
  next: name another address with --listen, or leave it away with --no-api
`,
	})
})

test("run moves where another program has the port of the last time, and says what no longer leads to it", async () => {
	const state = temporaryDirectory()
	const words = ["run", repository().path, "--state", state]
	const serverIn = () => JSON.parse(readFileSync(`${state}/kubeconfig`, "utf8")).clusters[0].cluster.server as string
	const first = started(words)
	await first.prints(/api-listening/)
	const before = serverIn()
	first.process.kill("SIGINT")
	await first.ended
	const port = await takes(Number(new URL(before).port))
	const second = started(words)
	await second.prints(/api-listening/)
	const moved =
		second
			.out()
			.split("\n")
			.find((line) => line.includes("api-moved")) ?? "{}"
	const next = "where a copy of the kubeconfig leads there, rollcall kubeconfig --merge makes it anew"
	expect(JSON.parse(moved).msg).toBe(`port ${port} is taken: the API is at ${serverIn()}; ${next}`)
	expect(serverIn()).not.toBe(before)
})
