import * as fs from "node:fs/promises"
import { aroundLong } from "../moments.ts"

export * from "node:fs/promises"

export const writeFile: typeof fs.writeFile = (file, data, options) =>
	aroundLong("writeFile", () => fs.writeFile(file, data, options))
export const rename: typeof fs.rename = (from, to) => aroundLong("rename", () => fs.rename(from, to))
export const rm: typeof fs.rm = (path, options) => aroundLong("rm", () => fs.rm(path, options))
export const chmod: typeof fs.chmod = (path, mode) => aroundLong("chmod", () => fs.chmod(path, mode))
export const open: typeof fs.open = (path, flags, mode) => aroundLong("open", () => fs.open(path, flags, mode))
