import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { ManualClock } from '../testing/manual-clock.ts'
import { callGuarded } from './call-guarded.ts'
import { deferred } from './deferred.ts'
import { waitFor } from './until.ts'

const late = () => new Error('late')

describe('waitFor', () => {
  test('is the promise, and leaves neither timer nor listener', async () => {
    const clock = new ManualClock()
    const { signal } = new AbortController()
    expect(await waitFor(Promise.resolve(1), { timeoutMs: 1000, signal }, clock, late)).toBe(1)
    expect(await waitFor(Promise.resolve(2), {}, clock, late)).toBe(2)
    await expect(waitFor(Promise.reject(new Error('mine')), { timeoutMs: 1000 }, clock, late)).rejects.toThrow('mine')
    expect([clock.pending, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
  })

  test('rejects with what is made when the time is over', async () => {
    const clock = new ManualClock()
    const waiting = waitFor(deferred<void>().promise, { timeoutMs: 1000 }, clock, late).catch(String)
    await clock.advance(1000)
    expect(await waiting).toBe('Error: late')
  })

  test('rejects with the reason of the signal, when that comes first', async () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    const until = { timeoutMs: 1000, signal: controller.signal }
    const waiting = waitFor(deferred<void>().promise, until, clock, late).catch(String)
    controller.abort(new Error('enough'))
    expect(await waiting).toBe('Error: enough')
    expect(clock.pending).toBe(0)
  })
})

describe('a deferred promise', () => {
  test('may be rejected with nobody listening, and is heard by whoever comes later', async () => {
    const waiting = deferred<void>()
    waiting.reject(new Error('early'))
    await new Promise((resolve) => setImmediate(resolve))
    await expect(waiting.promise).rejects.toThrow('early')
  })
})

describe('callGuarded', () => {
  test.each<[string, () => unknown]>([
    [
      'at once',
      () => {
        throw new Error('boom')
      },
    ],
    ['later', () => Promise.reject(new Error('boom'))],
  ])('hands on what is thrown %s', async (_when, call) => {
    const thrown: unknown[] = []
    callGuarded(call, (error) => thrown.push(error))
    await Promise.resolve()
    await Promise.resolve()
    expect(thrown).toMatchObject([{ message: 'boom' }])
  })

  test('hands on nothing where nothing is thrown', async () => {
    callGuarded(
      () => Promise.resolve(1),
      () => expect.unreachable(),
    )
    callGuarded(
      () => 1,
      () => expect.unreachable(),
    )
    await Promise.resolve()
  })
})
