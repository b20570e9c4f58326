import type { Verb } from "../route/resources.ts"
import { get } from "./get.ts"
import type { Handler } from "./handler.ts"
import { list } from "./list.ts"
import { watch } from "./watch.ts"

/** Who answers which verb; a verb without an entry is refused as the server refuses a method that it does not know. */
export const HANDLERS: { readonly [verb in Verb]?: Handler } = { get, list, watch }
