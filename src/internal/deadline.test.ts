import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../testing/manual-clock.ts'
import { Deadline } from './deadline.ts'

function create(ms: number) {
  const clock = new ManualClock()
  const parent = new AbortController()
  const deadline = new Deadline(parent.signal, clock, ms, () => new Error('late'))
  return { clock, parent, deadline, reason: () => (deadline.signal.reason as Error | undefined)?.message }
}

describe('a deadline', () => {
  test('aborts when its time is over', async () => {
    const { clock, reason } = create(1000)
    await clock.advance(999)
    expect(reason()).toBeUndefined()
    await clock.advance(1)
    expect([reason(), clock.pending]).toEqual(['late', 0])
  })

  test('counts from the last progress', async () => {
    const { clock, deadline, reason } = create(1000)
    for (let round = 0; round < 5; round++) {
      await clock.advance(900)
      deadline.progress()
    }
    await clock.advance(999)
    expect([reason(), clock.pending]).toEqual([undefined, 1])
    await clock.advance(1)
    expect(reason()).toBe('late')
  })

  test.each([5000, 100])('takes another length of %d ms', async (ms) => {
    const { clock, deadline, reason } = create(1000)
    deadline.progress(ms)
    await clock.advance(ms - 1)
    expect(reason()).toBeUndefined()
    await clock.advance(1)
    expect(reason()).toBe('late')
  })

  test('aborts with its parent, and with what it is ended by', () => {
    const { parent, reason } = create(1000)
    parent.abort(new Error('stopped'))
    expect(reason()).toBe('stopped')
    const other = create(1000)
    other.deadline.end(new Error('failed'))
    expect(other.reason()).toBe('failed')
  })

  test('is aborted from the start where its parent is', () => {
    const clock = new ManualClock()
    using deadline = new Deadline(AbortSignal.abort(new Error('stopped')), clock, 1, () => new Error('late'))
    expect(deadline.signal.reason).toMatchObject({ message: 'stopped' })
  })

  test('leaves no timer and no listener when it is disposed, and aborts nothing', async () => {
    const { clock, parent, deadline, reason } = create(1000)
    deadline[Symbol.dispose]()
    expect([clock.pending, getEventListeners(parent.signal, 'abort').length]).toEqual([0, 0])
    await clock.advance(2000)
    parent.abort()
    expect(reason()).toBeUndefined()
  })

  test.each([
    ['back an hour', -3_600_000],
    ['forward a day', 86_400_000],
  ])('whose clock jumps %s waits once more at most', async (_name, jump) => {
    const { clock, deadline, reason } = create(1000)
    await clock.advance(500)
    deadline.progress()
    clock.jump(jump)
    await clock.advance(2000)
    expect([reason(), clock.pending]).toEqual(['late', 0])
  })
})
