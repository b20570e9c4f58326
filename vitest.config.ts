import { defineConfig } from "vitest/config"

const shared = { environment: "node", testTimeout: 60_000, hookTimeout: 120_000 } as const

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					...shared,
					name: "fast",
					include: ["test/**/*.test.ts"],
					exclude: ["test/{conformance,e2e,hostile,examples,real}/**"],
				},
			},
			{ test: { ...shared, name: "conformance", include: ["test/conformance/**/*.test.ts"] } },
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
