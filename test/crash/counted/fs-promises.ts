import * as fs from "node:fs/promises"
import { aroundLong } from "../moments.ts"

export * from "node:fs/promises"

export const writeFile: typeof fs.writeFile = (file, data, options) =>
	aroundLong("writeFile", "ENOSPC", () => fs.writeFile(file, data, options))
export const rename: typeof fs.rename = (from, to) => aroundLong("rename", "ENOSPC", () => fs.rename(from, to))
export const rm: typeof fs.rm = (path, options) => aroundLong("rm", "ENOSPC", () => fs.rm(path, options))
export const chmod: typeof fs.chmod = (path, mode) => aroundLong("chmod", "ENOSPC", () => fs.chmod(path, mode))
export const open: typeof fs.open = (path, flags, mode) =>
	aroundLong("open", "ENOSPC", () => fs.open(path, flags, mode))
export const copyFile: typeof fs.copyFile = (from, to, mode) =>
	aroundLong("copyFile", "ENOSPC", () => fs.copyFile(from, to, mode))
export const mkdir = ((path: string, options?: { readonly recursive?: boolean }) =>
	aroundLong("mkdir", "ENOSPC", () => fs.mkdir(path, options))) as typeof fs.mkdir
