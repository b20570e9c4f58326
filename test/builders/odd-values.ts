import type { Json } from "../../src/base/index.ts"

/** What stands where a field wants something else. */
export const ODD: readonly Json[] = [
	null,
	"",
	"x y",
	0,
	-1,
	1.5,
	1e20,
	true,
	[],
	{},
	[null],
	[{}],
	{ a: null },
	"100%",
	"../..",
	"\u0000é",
]
