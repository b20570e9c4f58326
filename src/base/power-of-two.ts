/** The least power of two that is at least `count`: how far columns grow. By counting, for `Math.log2` may differ. */
export function powerOfTwo(count: number): number {
	let size = 1
	while (size < count) size *= 2
	return size
}
