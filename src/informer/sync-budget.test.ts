import { describe, expect, test } from 'vitest'
import { SyncBudget } from './sync-budget.ts'

const { signal: never } = new AbortController()

/** Who has a place, in the order in which they got it. */
function line(budget: SyncBudget) {
  const served: string[] = []
  const enter = (name: string, signal: AbortSignal = never): Promise<void> => {
    const place = budget.take(signal)
    if (place === undefined) served.push(name)
    return (place ?? Promise.resolve()).then(() => {
      if (place !== undefined) served.push(name)
    })
  }
  return { served, enter }
}

describe('a budget', () => {
  test('has so many places, and serves the others in order', async () => {
    const budget = new SyncBudget(2)
    const { served, enter } = line(budget)
    const entered = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name))
    await Promise.all(entered.slice(0, 2))
    expect(served).toEqual(['a', 'b'])
    budget.giveBack()
    await entered[2]
    expect(served).toEqual(['a', 'b', 'c'])
    budget.giveBack()
    budget.giveBack()
    await Promise.all(entered)
    expect(served).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('lets nobody in before who has waited', async () => {
    const budget = new SyncBudget(1)
    const { served, enter } = line(budget)
    const entered = [enter('a'), enter('b')]
    budget.giveBack()
    entered.push(enter('c'))
    expect(served).toEqual(['a'])
    budget.giveBack()
    await Promise.all(entered)
    expect(served).toEqual(['a', 'b', 'c'])
  })

  test('forgets who gives up waiting', async () => {
    const budget = new SyncBudget(1)
    const { served, enter } = line(budget)
    await enter('a')
    const leaving = new AbortController()
    const left = enter('b', leaving.signal)
    const next = enter('c')
    leaving.abort(new Error('enough'))
    await expect(left).rejects.toThrow('enough')
    budget.giveBack()
    await next
    expect(served).toEqual(['a', 'c'])
  })

  test('passes on the place of who gives up as he is given it', async () => {
    const budget = new SyncBudget(1)
    const { served, enter } = line(budget)
    await enter('a')
    const leaving = new AbortController()
    const left = enter('b', leaving.signal)
    const next = enter('c')
    leaving.abort(new Error('enough'))
    budget.giveBack()
    await expect(left).rejects.toThrow('enough')
    await next
    expect(served).toEqual(['a', 'c'])
    budget.giveBack()
    expect(budget.take(never)).toBeUndefined()
  })

  test.each([0, -1, 1.5, NaN, Infinity])('refuses %d places', (size) => {
    expect(() => new SyncBudget(size)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
