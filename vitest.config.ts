import { defineConfig } from "vitest/config"

const shared = {
	environment: "node",
	setupFiles: ["test/fixed-seed.ts"],
	testTimeout: 60_000,
	hookTimeout: 120_000,
}

export default defineConfig({
	test: {
		projects: [
			// The pure folders: what `npm run check` runs.
			{
				test: {
					...shared,
					name: "fast",
					include: ["test/*.test.ts", "test/{base,kube,manifest,cluster,plan,history,rehearse}/**/*.test.ts"],
				},
			},
			// The edges, and the engine over them: real processes, files and databases.
			{ test: { ...shared, name: "edges", include: ["test/{engine,git,store,api,web,cli}/**/*.test.ts"] } },
			{ test: { ...shared, name: "conformance", include: ["test/{conformance,reference}/**/*.test.ts"] } },
			// The program as its users meet it.
			{
				test: {
					...shared,
					name: "whole",
					include: ["test/{e2e,hostile,examples,real}/**/*.test.ts"],
					globalSetup: ["test/build-once.ts"],
					testTimeout: 300_000,
				},
			},
		],
	},
})
