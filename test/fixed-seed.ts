import fc from "fast-check"

/** The same cases in every run, so that red means a change; `SEED=…` and `npm run soak` look further. */
fc.configureGlobal({ seed: Number(process.env["SEED"] ?? 20_260_101) })
