import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"
import type { Access } from "./credentials.ts"

/** One connection, and what is under way on it. */
export type Connection = {
	readonly socket: Socket
	/** By the token that it showed last; undefined while it showed none. */
	access: Access | undefined
	/** Requests that are not answered yet. */
	requests: number
	/** The answer whose turn it is. */
	response?: ServerResponse
	/** Ends when all of them are answered. */
	turn: Promise<void>
}

const MOST_STRANGERS = 500
/** With one token. */
const MOST_CLIENTS = 1_000

/**
 * Who is connected. A stranger has shown no token yet; where there are too many the oldest goes, and so does the client
 * that was silent longest: who only connects keeps nobody out.
 */
export class Connections {
	readonly #strangers = new Set<Connection>()
	/** Those that asked for something last come last. */
	readonly #clients: { readonly [access in Access]: Set<Connection> } = { read: new Set(), write: new Set() }

	add(socket: Socket): Connection {
		const connection: Connection = { socket, access: undefined, requests: 0, turn: Promise.resolve() }
		this.#strangers.add(connection)
		socket.on("close", () => this.#groupOf(connection).delete(connection))
		const [oldest] = this.#strangers
		if (this.#strangers.size > MOST_STRANGERS) oldest?.socket.destroy()
		return connection
	}

	/** It showed a good token. False where too many have, and all of them are busy. */
	greet(connection: Connection, access: Access): boolean {
		const clients = this.#clients[access]
		if (connection.access !== access && clients.size >= MOST_CLIENTS) {
			const idle = [...clients].find(({ requests }) => requests === 0)
			if (idle === undefined) return false
			clients.delete(idle)
			idle.socket.destroy()
		}
		this.#groupOf(connection).delete(connection)
		connection.access = access
		clients.add(connection)
		return true
	}

	close(): void {
		for (const group of [this.#strangers, this.#clients.read, this.#clients.write]) {
			for (const { socket } of group) socket.destroy()
		}
	}

	#groupOf({ access }: Connection): Set<Connection> {
		return access === undefined ? this.#strangers : this.#clients[access]
	}
}
