import { describe, expect, test } from 'vitest'
import { SyncError } from '../api/errors.ts'
import { createRig, followingRig, label, webPods } from './informer.test-support.ts'

const MINUTE = 60_000

describe('a server that asks to wait', () => {
  test.each([
    ['429 with seconds', 429, 2, 2200],
    ['503 with seconds', 503, 7, 7700],
    ['500 with seconds', 500, 3, 3300],
    ['429 with a fraction', 429, '1.5', 1650],
    ['429 with a year, which is capped at five minutes', 429, 31_536_000, 5.5 * MINUTE],
    ['429 with a negative number, which is no wait: backoff', 429, -5, 400],
    ['429 with zero: backoff', 429, 0, 400],
    ['429 with what is neither number nor date: backoff', 429, 'soon', 400],
    ['429 without the header: backoff', 429, undefined, 400],
  ])('gets the same list again after that time and a tenth: %s', async (_what, status, retryAfter, wait) => {
    const rig = await createRig({
      objects: webPods('a'),
      namespaces: ['web'],
      labelSelector: '!x',
      before: ({ faults }) => faults.answer({ verb: 'list', status, retryAfter }),
    })
    await rig.passWait()
    await rig.following()
    expect(rig.waits).toEqual([wait])
    expect(rig.requests).toEqual(['LIST web', 'LIST web', 'WATCH web rv=2'].map((line) => `${line} labelSelector=!x`))
  })

  test('may say so by a date, which is read by its own clock', async () => {
    const date = (seconds: number): string => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds)).toUTCString()
    const rig = await createRig({
      before: ({ faults }) => {
        faults.answer({ verb: 'list', status: 429, retryAfter: date(30), headers: { date: date(10) } })
        faults.answer({ verb: 'list', status: 429, retryAfter: date(0), headers: { date: date(10) } })
      },
    })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.waits).toEqual([22_000, 400])
    expect(rig.requests).toEqual(['LIST', 'LIST', 'LIST', 'WATCH rv=1'])
  })

  test('gets the same watch again, not a list', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.answer({ verb: 'watch', status: 429, retryAfter: 10, times: 3 })
    rig.server.faults.dropWatches()
    for (let round = 0; round < 3; round++) await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['PROBE rv=2', 'WATCH rv=2', 'WATCH rv=2', 'WATCH rv=2', 'WATCH rv=2'])
    expect(rig.waits).toEqual([11_000, 11_000, 11_000])
    expect(rig.codes).toEqual(Array(3).fill('ERR_TOO_MANY_REQUESTS'))
  })

  test('is heard when it says so in an event', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    rig.server.faults.sendWatchError({ code: 429, reason: 'TooManyRequests', retryAfterSeconds: 4 })
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['WATCH rv=2'])
    expect(rig.waits).toEqual([4400])
  })

  test('is asked for the newest state only after it has been given the time to catch up', async () => {
    const tooLarge = { status: 504, reason: 'Timeout', causes: [{ reason: 'ResourceVersionTooLarge' }] }
    const rig = await createRig({
      before: ({ faults }) => {
        faults.answer({ verb: 'watch', status: 410 })
        faults.answer({ verb: 'list', ...tooLarge, times: 0 })
      },
    })
    await rig.until(() => rig.codes.length === 1)
    rig.server.faults.answer({ verb: 'list', ...tooLarge, retryAfter: 5 })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests.slice(2)).toEqual(['LIST rv=1 NotOlderThan', 'LIST rv=1 NotOlderThan', 'WATCH rv=1'])
    expect(rig.waits).toEqual([400, 5500])
  })
})

describe('a server that refuses', () => {
  test.each([
    // the transport asks a second time, with credentials that nobody has cached
    [401, 'ERR_UNAUTHORIZED', 2],
    [403, 'ERR_FORBIDDEN', 1],
    [404, 'ERR_NOT_FOUND', 1],
    [500, 'ERR_API', 1],
    [502, 'ERR_API', 1],
  ])('with %d is asked again with backoff, said in the status, until it allows', async (status, code, requests) => {
    const rig = await createRig({
      objects: webPods('a'),
      before: ({ faults }) => faults.answer({ verb: 'list', status, message: 'no way', times: 3 * requests }),
    })
    let isSynced = false
    const synced = rig.informer.synced().then(() => (isSynced = true))
    await rig.until(() => rig.waits.length === 1)
    expect(rig.status).toMatchObject({ phase: 'backoff', synced: false, attempts: 1, lastError: { code, status } })
    expect(rig.status.reason).toMatch(/^the next list in 0\.4 s, after: GET \/api\/v1\/pods: \d+ .*no way$/)
    await rig.passWait()
    await rig.passWait()
    await rig.until(() => rig.waits.length === 3)
    expect([rig.status.attempts, isSynced]).toEqual([3, false])
    await rig.passWait()
    await rig.following()
    await synced
    expect(rig.waits).toEqual([400, 800, 1600])
    expect(rig.codes).toEqual([code, code, code])
    expect(rig.requests).toEqual([...Array(3 * requests + 1).fill('LIST'), 'WATCH rv=2'])
    expect(rig.status).toMatchObject({ attempts: 0, lastError: { code } })
  })

  test.each([401, 403])('a watch with %d is asked again, and the store stays as it is', async (status) => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.answer({ verb: 'watch', status, times: status === 401 ? 4 : 2 })
    rig.server.faults.dropWatches()
    await rig.passWait()
    expect([rig.keys, rig.status.synced]).toEqual([['web/a'], true])
    await rig.passWait()
    await rig.following()
    expect([...new Set(rig.requests)]).toEqual(['PROBE rv=2', 'WATCH rv=2'])
    expect(rig.waits).toEqual([400, 800])
  })

  test.each([400, 405, 406, 415, 422])(
    'with %d is asked again every half minute; synced() does not wait',
    async (status) => {
      const rig = await createRig({
        objects: webPods('a'),
        before: ({ faults }) => faults.answer({ verb: 'list', status, times: 3 }),
      })
      const early = rig.informer.synced().catch((error: unknown) => error)
      await rig.until(() => rig.waits.length === 1)
      for (const error of [await early, await rig.informer.synced().catch((thrown: unknown) => thrown)]) {
        expect(error).toBeInstanceOf(SyncError)
        expect(error).toMatchObject({
          code: 'ERR_SYNC',
          retryable: false,
          cause: { code: 'ERR_BAD_REQUEST', status, retryable: false },
          informers: [{ resource: { plural: 'pods' }, status: { synced: false, phase: expect.any(String) } }],
        })
        expect(String(error)).toContain('not synced: pods: ')
      }
      await rig.passWait()
      await rig.passWait()
      await rig.passWait()
      await rig.following()
      await rig.informer.synced()
      expect(rig.waits).toEqual([30_000, 30_000, 30_000])
      expect(rig.requests).toEqual(['LIST', 'LIST', 'LIST', 'LIST', 'WATCH rv=2'])
      expect(rig.keys).toEqual(['web/a'])
    },
  )

  test('is counted from the last request that succeeded', async () => {
    const rig = await createRig({
      before: ({ faults }) => {
        faults.answer({ verb: 'list', status: 403, times: 2 })
        faults.answer({ verb: 'watch', status: 404 })
      },
    })
    await rig.passWait()
    await rig.passWait()
    await rig.until(() => rig.waits.length === 3)
    expect(rig.status).toMatchObject({ attempts: 1, synced: true, lastError: { status: 404 } })
    await rig.passWait()
    await rig.following()
    expect(rig.status.attempts).toBe(0)
  })

  test('a watch for good leaves what was synced', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.answer({ verb: 'watch', status: 405 })
    rig.server.faults.dropWatches()
    await rig.until(() => rig.waits.length === 1)
    await rig.informer.synced()
    await rig.passWait()
    await rig.following()
    expect([rig.waits, rig.requests]).toEqual([[30_000], ['PROBE rv=2', 'WATCH rv=2', 'WATCH rv=2']])
  })
})

describe('the wait after a failure', () => {
  test('doubles up to half a minute, and begins anew after two quiet minutes', async () => {
    const rig = await createRig({ before: ({ faults }) => faults.answer({ status: 500, times: 9 }) })
    for (let round = 0; round < 9; round++) await rig.passWait()
    await rig.following()
    expect(rig.waits).toEqual([400, 800, 1600, 3200, 6400, 12_800, 15_000, 15_000, 15_000])
    await rig.clock.advance(120_000)
    rig.server.faults.sendWatchError({ code: 429, reason: 'TooManyRequests' })
    await rig.passWait()
    expect(rig.waits.at(-1)).toBe(400)
  })

  test('does not begin anew because of a success that did not last', async () => {
    const rig = await followingRig()
    for (let round = 0; round < 4; round++) {
      rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
      await rig.passWait()
      await rig.following()
      await rig.clock.advance(500)
    }
    expect(rig.waits).toEqual([400, 800, 1600, 3200])
  })
})

describe('a clock that jumps', () => {
  test.each([
    ['a day forward', 24 * 60 * MINUTE],
    ['an hour back', -60 * MINUTE],
  ])('%s while it watches ends nothing and breaks nothing', async (_what, jump) => {
    const rig = await followingRig({ objects: webPods('a') })
    rig.clock.jump(jump)
    label(rig.server, 'web/a', '1')
    await rig.until(() => rig.informer.store.resourceVersion === '3')
    expect([rig.requests, rig.errors, rig.waits]).toEqual([[], [], []])
    rig.server.faults.dropWatches({ reset: true })
    await rig.until(() => rig.requests.length === 1 || rig.waits.length === 1)
    await rig.clock.advance(30_000)
    await rig.following()
    label(rig.server, 'web/a', '2')
    await rig.until(() => rig.informer.store.resourceVersion === '4')
    expect(rig.requests).toEqual(['WATCH rv=3'])
  })

  test.each([
    ['a day forward', 24 * 60 * MINUTE],
    ['an hour back', -60 * MINUTE],
  ])('%s while a silent list and a wait go on lengthens them once at most', async (_what, jump) => {
    const rig = await createRig({ objects: webPods('a'), before: ({ faults }) => faults.stallList({ afterItems: 1 }) })
    await rig.until(() => rig.status.bytes > 0)
    rig.clock.jump(jump)
    await rig.clock.advance(2 * 90_000)
    await rig.until(() => rig.codes.length === 1)
    rig.clock.jump(jump)
    await rig.clock.advance(30_000)
    await rig.following()
    expect(rig.requests).toEqual(['LIST', 'LIST', 'WATCH rv=2'])
    expect(rig.codes).toEqual(['ERR_SERVER_SILENT'])
  })
})
