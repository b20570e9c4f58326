/**
 * The first of `items` that is bad, where all after it are as well; asks about log2 of them. Undefined where the last is
 * not bad. Items before the first are taken to be good.
 */
export async function firstBad<Item>(
	items: readonly Item[],
	isBad: (item: Item, left: number) => Promise<boolean>,
): Promise<Item | undefined> {
	let good = -1
	let bad = items.length - 1
	const last = items[bad]
	if (last === undefined || !(await isBad(last, items.length))) return undefined
	while (bad - good > 1) {
		const middle = (good + bad) >> 1
		if (await isBad(items[middle] as Item, bad - good - 1)) bad = middle
		else good = middle
	}
	return items[bad]
}
