/** Runs `work` for each item, at most `limit` at a time, in order of start. The first error ends it. */
export async function eachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  let hasFailed = false
  const run = async (): Promise<void> => {
    while (next < items.length && !hasFailed) {
      const index = next++
      try {
        await work(items[index]!, index)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run))
}
