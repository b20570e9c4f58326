import { execFileSync } from "node:child_process"

/** True where there is a kubectl on the PATH. */
export function hasKubectl(): boolean {
	return kubectlMinor() > 0
}

/** Of an age with ours: much older ones ask for other versions of kinds, and have no words for some errors. */
export function isRecentKubectl(): boolean {
	return kubectlMinor() >= 30
}

/** 32 for a kubectl v1.32 on the PATH; 0 where there is none. */
export function kubectlMinor(): number {
	try {
		const words = ["version", "--client", "-o", "json"]
		const text = execFileSync("kubectl", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
		// Some builds write "32+".
		return Number.parseInt(JSON.parse(text).clientVersion.minor, 10)
	} catch {
		return 0
	}
}
