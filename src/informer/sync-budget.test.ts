import { describe, expect, test } from 'vitest'
import { SyncBudget } from './sync-budget.ts'

const { signal: never } = new AbortController()

/** Who has begun, and who has had to wait, in their order. Each works until it is told to end. */
function line(places: number) {
  const budget = new SyncBudget(places)
  const begun: string[] = []
  const waited: string[] = []
  const works = new Map<string, PromiseWithResolvers<void>>()
  const enter = (name: string, signal: AbortSignal = never): Promise<void> => {
    const work = Promise.withResolvers<void>()
    works.set(name, work)
    const begin = (): Promise<void> => {
      begun.push(name)
      return work.promise
    }
    return budget.run(begin, signal, () => waited.push(name))
  }
  /** Resolves in the turn in which its place is free. */
  const end = (name: string): Promise<void> => {
    works.get(name)!.resolve()
    return works.get(name)!.promise
  }
  return { begun, waited, enter, end }
}

/** `a` has the only place; `b`, who may leave, and `c` wait for it. */
function lineOfThree() {
  const { enter, ...rest } = line(1)
  const leaving = new AbortController()
  const [, b, c] = [enter('a'), enter('b', leaving.signal), enter('c')]
  return { b, c, leave: () => leaving.abort(new Error('enough')), enter, ...rest }
}

describe('a budget', () => {
  test('has so many places, and serves the others in order', async () => {
    const { begun, waited, enter, end } = line(2)
    const entered = ['a', 'b', 'c', 'd', 'e'].map((name) => enter(name))
    expect({ begun, waited }).toEqual({ begun: ['a', 'b'], waited: ['c', 'd', 'e'] })
    await end('a')
    await expect.poll(() => begun).toEqual(['a', 'b', 'c'])
    for (const name of ['b', 'c', 'd', 'e']) void end(name)
    await Promise.all(entered)
    expect({ begun, waited }).toEqual({ begun: ['a', 'b', 'c', 'd', 'e'], waited: ['c', 'd', 'e'] })
  })

  test('lets nobody in before who has waited', async () => {
    const { begun, c, enter, end } = lineOfThree()
    await end('a')
    const late = enter('d')
    for (const name of ['b', 'c', 'd']) void end(name)
    await Promise.all([c, late])
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
  })

  test('gives a place back when the work fails', async () => {
    const budget = new SyncBudget(1)
    const failing = budget.run(
      () => Promise.reject(new Error('no list')),
      never,
      () => {},
    )
    await expect(failing).rejects.toThrow('no list')
    expect(
      await budget.run(
        () => Promise.resolve('a list'),
        never,
        () => expect.fail('it waits'),
      ),
    ).toBe('a list')
  })

  test('forgets who gives up waiting', async () => {
    const { begun, b, c, leave, end } = lineOfThree()
    leave()
    await expect(b).rejects.toThrow('enough')
    for (const name of ['a', 'c']) void end(name)
    await c
    expect(begun).toEqual(['a', 'c'])
  })

  test('passes on the place of who gives up as he is given it', async () => {
    const { begun, waited, b, c, leave, enter, end } = lineOfThree()
    leave()
    for (const name of ['a', 'c']) void end(name)
    await expect(b).rejects.toThrow('enough')
    await c
    void enter('d')
    expect({ begun, waited }).toEqual({ begun: ['a', 'c', 'd'], waited: ['b', 'c'] })
  })

  test.each([0, -1, 1.5, NaN, Infinity])('refuses %d places', (size) => {
    expect(() => new SyncBudget(size)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
