import { describe, expect, test } from 'vitest'
import { deferred } from '../internal/deferred.ts'
import { again, createQueueRig, done, failed, terminal } from './work-queue.test-support.ts'

describe('a work queue', () => {
  test('runs a key once for all that ask before it begins', async () => {
    const { clock, queue, runs, end } = createQueueRig()
    for (const key of ['a', 'a', 'b', 'a', 'b']) queue.add(key)
    await clock.advance(0)
    expect(runs).toEqual(['a'])
    await end('a')
    await end('b')
    expect(runs).toEqual(['a', 'b'])
  })

  test('runs a key once more for all that ask while it runs, and never twice at once', async () => {
    const { clock, queue, runs, end } = createQueueRig({ concurrency: 5 })
    queue.add('a')
    await clock.advance(0)
    queue.add('a')
    queue.add('a')
    await clock.advance(0)
    expect(runs).toEqual(['a'])
    await end('a')
    expect(runs).toEqual(['a', 'a'])
    await end('a')
    expect(runs).toEqual(['a', 'a'])
  })

  test('runs as many keys at once as it may', async () => {
    const { clock, queue, runs, end } = createQueueRig({ concurrency: 2 })
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key)
    await clock.advance(0)
    expect(runs).toEqual(['a', 'b'])
    await end('b')
    expect(runs).toEqual(['a', 'b', 'c'])
    await end('c')
    await end('a')
    await end('d')
    expect(runs).toEqual(['a', 'b', 'c', 'd'])
  })

  test('lets what is not low pass, and what is raised', async () => {
    const { clock, queue, runs, ends } = createQueueRig()
    for (const key of 'abcdx') ends(key, done)
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key, 'low')
    queue.add('x')
    queue.add('c')
    queue.add('x', 'low')
    await clock.advance(0)
    expect(runs).toEqual(['x', 'c', 'a', 'b', 'd'])
  })

  test('runs a key again at the priority at which it was asked for meanwhile', async () => {
    const { clock, queue, runs, ends, end } = createQueueRig()
    ends('b', done)
    queue.add('a')
    await clock.advance(0)
    queue.add('b', 'low')
    queue.add('a', 'low')
    await end('a')
    expect(runs).toEqual(['a', 'b', 'a'])
    await end('a')
  })

  test('runs a key again when its time comes', async () => {
    const { clock, queue, times, ends } = createQueueRig()
    ends('a', again(5000), again(0), done)
    queue.add('a')
    await clock.advance(60_000)
    expect(times).toEqual([0, 5000, 5000])
  })

  test('replaces a later run by one that is asked for earlier', async () => {
    const { clock, queue, times, ends } = createQueueRig()
    ends('a', again(5000), done)
    queue.add('a')
    await clock.advance(1000)
    queue.add('a', 'low')
    await clock.advance(60_000)
    expect(times).toEqual([0, 1000])
  })

  test('drops the later run for what was asked for while it ran', async () => {
    const { clock, queue, times, end } = createQueueRig()
    queue.add('a')
    await clock.advance(0)
    queue.add('a')
    await end('a', again(5000))
    await end('a')
    await clock.advance(60_000)
    expect(times).toEqual([0, 0])
  })

  test('tries a failed key again, each time after twice as long, and from the start after a success', async () => {
    const { clock, queue, runs, times, ends } = createQueueRig()
    ends('a', failed, failed, failed, failed, again(1000), failed, done)
    queue.add('a')
    await clock.advance(60_000)
    expect(times).toEqual([0, 5, 15, 35, 75, 1075, 1080])
    expect(runs).toEqual(['a', 'a#2', 'a#3', 'a#4', 'a#5', 'a', 'a#2'])
  })

  test('counts the failures on when something asks for a failed key earlier', async () => {
    const { clock, queue, times, ends } = createQueueRig()
    ends('a', ...Array.from({ length: 4 }, () => failed), done)
    queue.add('a')
    await clock.advance(20) // at 0, 5 and 15: the next one would come at 35
    queue.add('a')
    await clock.advance(60_000)
    expect(times).toEqual([0, 5, 15, 20, 60])
  })

  test('tries again no earlier than the server asked for', async () => {
    const { clock, queue, times, ends } = createQueueRig()
    ends('a', { ...failed, retryAfterMs: 3000 } as never, done)
    queue.add('a')
    await clock.advance(60_000)
    expect(times).toEqual([0, 3000])
  })

  test('does not try again what is terminal, until it is asked for', async () => {
    const { clock, queue, runs, ends } = createQueueRig()
    ends('a', failed, terminal, done)
    queue.add('a')
    await clock.advance(2_000_000)
    expect(runs).toEqual(['a', 'a#2'])
    queue.add('a')
    await clock.advance(0)
    expect(runs).toEqual(['a', 'a#2', 'a'])
  })

  test('lets a hundred retries through at once, and then ten a second', async () => {
    const { clock, queue, times, ends } = createQueueRig({ concurrency: 200 })
    for (let n = 0; n < 120; n++) ends(`k${n}`, failed, done)
    for (let n = 0; n < 120; n++) queue.add(`k${n}`)
    await clock.advance(10_000)
    const retries = times.slice(120)
    expect(retries.filter((time) => time === 5)).toHaveLength(100)
    expect(retries.slice(100)).toEqual(Array.from({ length: 20 }, (_, n) => (n + 1) * 100))
  })
})

describe('a key that is held', () => {
  test('does not run before what it waits for has come, whoever asks', async () => {
    const { clock, queue, runs, end } = createQueueRig()
    const [first, second] = [deferred<void>(), deferred<void>()]
    queue.add('a')
    await clock.advance(0)
    queue.hold('a', first.promise)
    queue.hold('a', second.promise)
    await end('a', again(1000))
    queue.add('a')
    await clock.advance(5000)
    first.resolve()
    await clock.advance(5000)
    expect(runs).toEqual(['a'])
    second.reject(new Error('it never came'))
    await clock.advance(0)
    expect(runs).toEqual(['a', 'a'])
  })

  test('is not run by that alone', async () => {
    const { clock, queue, runs, end } = createQueueRig()
    const come = deferred<void>()
    queue.add('a')
    await clock.advance(0)
    queue.hold('a', come.promise)
    await end('a')
    come.resolve()
    await clock.advance(60_000)
    expect(runs).toEqual(['a'])
    await queue.idle()
  })

  test('gives up its place if it waited already', async () => {
    const { clock, queue, runs, ends, end } = createQueueRig()
    const come = deferred<void>()
    ends('c', done)
    for (const key of ['a', 'b', 'c']) queue.add(key)
    await clock.advance(0)
    queue.hold('b', come.promise)
    await end('a')
    expect(runs).toEqual(['a', 'c'])
    come.resolve()
    await clock.advance(0)
    expect(runs).toEqual(['a', 'c', 'b'])
  })
})

describe('idle', () => {
  test('waits for what waits, runs, is held or failed, and not for what asked for a later run', async () => {
    const { clock, queue, ends, end } = createQueueRig()
    let isIdle = false
    ends('b', failed, again(10_000))
    queue.add('a')
    queue.add('b')
    void queue.idle().then(() => (isIdle = true))
    await clock.advance(1)
    const come = deferred<void>()
    queue.hold('a', come.promise)
    queue.add('a')
    await end('a')
    await clock.advance(1)
    expect(isIdle).toBe(false) // b failed, a is held
    await clock.advance(100)
    expect(isIdle).toBe(false)
    come.resolve()
    await clock.advance(0)
    expect(isIdle).toBe(false)
    await end('a')
    expect(isIdle).toBe(true)
  })
})

describe('a queue that is stopped', () => {
  test('forgets what waits, and has ended when the runs under way have', async () => {
    const { clock, queue, runs, ends, end } = createQueueRig({ concurrency: 2 })
    ends('later', again(1000))
    ends('failed', failed)
    for (const key of ['later', 'failed', 'a', 'b', 'c', 'd']) queue.add(key)
    await clock.advance(0)
    let hasEnded = false
    void queue.stop().then(() => (hasEnded = true))
    expect(clock.pending).toBe(0)
    queue.add('e')
    queue.add('a')
    await end('b', failed)
    expect(hasEnded).toBe(false)
    expect(clock.pending).toBe(0)
    await end('a')
    expect(hasEnded).toBe(true)
    await clock.advance(2_000_000)
    expect(runs).toEqual(['later', 'failed', 'a', 'b'])
  })
})

describe('the observer of a queue', () => {
  test('hears of what waits, runs, ends and is tried again', async () => {
    const heard: object[] = []
    const hear = (what: string) => (event: object) => void heard.push({ what, ...event })
    const { clock, queue, ends, end } = createQueueRig({
      observer: {
        enqueued: hear('enqueued'),
        started: hear('started'),
        reconciled: hear('reconciled'),
        retry: hear('retry'),
      },
    })
    ends('b', done)
    queue.add('a')
    await clock.advance(0)
    queue.add('b', 'low')
    await clock.advance(70)
    await end('a', failed)
    expect(heard).toMatchObject([
      { what: 'enqueued', key: 'a', priority: 'normal', depth: 1 },
      { what: 'started', key: 'a', attempt: 1, waitedMs: 0, depth: 0 },
      { what: 'enqueued', key: 'b', priority: 'low', depth: 1 },
      { what: 'reconciled', key: 'a', attempt: 1, durationMs: 70, outcome: 'failed', error: { code: 'ERR_RECONCILE' } },
      { what: 'retry', key: 'a', attempt: 1, delayMs: 5 },
      { what: 'started', key: 'b', waitedMs: 70, depth: 0 },
      { what: 'reconciled', key: 'b', outcome: 'done', error: undefined },
    ])
    expect(heard.every((event) => (event as { controller?: string }).controller === 'test')).toBe(true)
    await clock.advance(5)
    await end('a')
  })
})
