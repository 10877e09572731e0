/**
 * Orders a merged list as `normalizeElementOrder` of apimachinery `pkg/util/strategicpatch` does: what
 * the patch names stands in the patch's order; the others keep the live order, each before the first
 * element of the patch that came after it in the live list.
 */
export function inServersOrder<T>(
  merged: readonly T[],
  {
    live,
    wanted,
    idOf,
  }: { readonly live: readonly string[]; readonly wanted: readonly string[]; readonly idOf: (item: T) => string },
): T[] {
  const isWanted = (item: T): boolean => wanted.includes(idOf(item))
  const named = merged.filter(isWanted).sort((a, b) => wanted.indexOf(idOf(a)) - wanted.indexOf(idOf(b)))
  const others = merged.filter((item) => !isWanted(item)).sort((a, b) => live.indexOf(idOf(a)) - live.indexOf(idOf(b)))
  const result: T[] = []
  for (const other of others) {
    const place = live.indexOf(idOf(other))
    while (named.length > 0 && !comesBefore(place, live.indexOf(idOf(named[0]!)))) result.push(named.shift()!)
    result.push(other)
  }
  return [...result, ...named]
}

/** An element that is new to the list has no place: nothing comes before it. */
function comesBefore(place: number, other: number): boolean {
  return place >= 0 && other >= 0 && place < other
}
