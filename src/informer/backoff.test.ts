import { describe, expect, test } from 'vitest'
import { ManualClock } from '../testing/manual-clock.ts'
import { Backoff } from './backoff.ts'

function create(random = 1) {
  const clock = new ManualClock()
  const backoff = new Backoff(clock, () => random)
  return { clock, backoff, next: (count: number) => Array.from({ length: count }, () => backoff.next()) }
}

describe('a backoff', () => {
  test('doubles from 0.8 s to 30 s', () => {
    expect(create().next(8)).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000])
  })

  test('is anything from nothing to that', () => {
    expect(create(0).next(3)).toEqual([0, 0, 0])
    expect(create(0.25).next(3)).toEqual([200, 400, 800])
  })

  test('begins anew two minutes after the last failure, not before', async () => {
    const { clock, next } = create()
    next(3)
    await clock.advance(119_999)
    expect(next(1)).toEqual([6400])
    await clock.advance(120_000)
    expect(next(2)).toEqual([800, 1600])
  })

  test('goes on when the clock is set back', () => {
    const { clock, next } = create()
    next(2)
    clock.jump(-3_600_000)
    expect(next(2)).toEqual([3200, 6400])
  })

  test('lengthens what a server asks for by up to a fifth, in whole milliseconds', () => {
    expect([create(0).backoff.spread(1000), create(0.5).backoff.spread(7000), create(1).backoff.spread(1000)]).toEqual([
      1000, 7700, 1200,
    ])
  })
})
