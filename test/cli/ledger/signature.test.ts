import { expect, test } from "vitest"
import { sayCommitSignature } from "../../../src/cli/ledger/words.ts"
import { commitRecord } from "../../builders/ledger.ts"

// The author of `commitRecord` is anna@example.com.
test.each([
	["anna@example.com", "good, by anna@example.com"],
	["Anna <Anna@Example.com>", "good, by Anna <Anna@Example.com>"],
	["eve@example.org", "good, by eve@example.org; the author is anna@example.com"],
	["joanna@example.com", "good, by joanna@example.com; the author is anna@example.com"],
	["anna@example.com <eve@example.org>", "good, by anna@example.com <eve@example.org>; the author is anna@example.com"],
])("[58] a commit signed by %s is told with its author, where that is another", (signer, want) => {
	expect(sayCommitSignature(commitRecord("4f2c", { signature: { state: "good", signer } }))).toBe(want)
})
