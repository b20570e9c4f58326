import * as processes from "node:child_process"
import { moment } from "../moments.ts"

export * from "node:child_process"

/** While git runs it may be killed as well, so its start and its end are moments. */
export const spawn = ((command: string, args: readonly string[], options: processes.SpawnOptions) => {
	const label = `${command} ${args.find((word) => /^[a-z]/.test(word)) ?? args[0]}`
	moment(`before ${label}`)
	const child = processes.spawn(command, args, options)
	moment(`during ${label}`)
	child.prependOnceListener("close", () => moment(`after ${label}`))
	return child
}) as typeof processes.spawn
