import { expect } from 'vitest'
import type { Following } from './following.ts'
import { count, say } from './say.ts'

/** Holds informers, and what their subscribers heard, against fresh LISTs. Returns how many objects were compared. */
export async function expectEqualToServer(when: string, followings: readonly Following[]): Promise<number> {
  let total = 0
  const figures: string[] = []
  for (const following of followings) {
    const { compared, differences } = await following.compare()
    // A few say what is wrong; thousands would hide it.
    expect(differences.slice(0, 5)).toEqual([])
    figures.push(`${following.name} ${count(compared)}`)
    total += compared
  }
  say(`${when}: ${count(total)} objects equal those of a fresh LIST (${figures.join('; ')})`)
  return total
}
