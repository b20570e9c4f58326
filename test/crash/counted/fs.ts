import * as fs from "node:fs"
import { around } from "../moments.ts"

export * from "node:fs"

export const writeFileSync: typeof fs.writeFileSync = (file, data, options) =>
	around("writeFileSync", "ENOSPC", () => fs.writeFileSync(file, data, options))
export const renameSync: typeof fs.renameSync = (from, to) =>
	around("renameSync", "ENOSPC", () => fs.renameSync(from, to))
export const rmSync: typeof fs.rmSync = (path, options) => around("rmSync", "ENOSPC", () => fs.rmSync(path, options))
export const mkdirSync = ((path: fs.PathLike, options?: fs.MakeDirectoryOptions) =>
	around("mkdirSync", "ENOSPC", () => fs.mkdirSync(path, options))) as typeof fs.mkdirSync
