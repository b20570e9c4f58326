import { watching } from "./api-watch.ts"

for await (const f of watching()) console.log(f.name.padEnd(90), f.value.toFixed(1), f.unit, f.rss ?? "")
