import { daemonSet } from "./objects.ts"

/** Whose commits Rollcall writes, as a process's environment. */
export const GRACE = {
	GIT_AUTHOR_NAME: "Grace",
	GIT_AUTHOR_EMAIL: "grace@example.org",
	GIT_COMMITTER_NAME: "Grace",
	GIT_COMMITTER_EMAIL: "grace@example.org",
}

/** The file of one agent, at a version. */
export const version = (tag: number) => ({ "agent.yaml": [daemonSet({ image: `registry.example/agent:${tag}` })] })
