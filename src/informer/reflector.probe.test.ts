import { describe, expect, test } from 'vitest'
import { createRig, followingRig, label, nodes, pods, webPod, webPods } from './informer.test-support.ts'

const TOO_LARGE = { verb: 'list', status: 504, reason: 'Timeout', causes: [{ reason: 'ResourceVersionTooLarge' }] }

describe('a watch that ended without a word', () => {
  test('is followed by a question whether its version was reached, then by the next one', async () => {
    const rig = await followingRig({ objects: webPods('a'), labelSelector: '!x' })
    await rig.clock.advance(2000)
    rig.server.faults.dropWatches()
    await rig.requested(2)
    await rig.following()
    expect(rig.requests).toEqual(['PROBE rv=2 labelSelector=!x', 'WATCH rv=2 labelSelector=!x'])
    expect(rig.server.requests.at(-2)).toMatchObject({
      query: { limit: '1', resourceVersion: '2', resourceVersionMatch: 'NotOlderThan' },
      servedFrom: 'cache',
    })
    expect([rig.errors, rig.waits]).toEqual([[], []])
  })

  test('is not followed by a question when it had brought a bookmark', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    rig.server.create(nodes, { metadata: { name: 'n' } })
    await rig.clock.advance(60_000)
    await rig.until(() => rig.informer.store.resourceVersion === '3')
    rig.server.faults.dropWatches()
    await rig.requested(1)
    expect(rig.requests).toEqual(['WATCH rv=3'])
  })

  test('is followed by the newest state when the server has twice not reached its version', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const seen = rig.record()
    await rig.clock.advance(2000)
    rig.server.faults.restoreStorage('2')
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['PROBE rv=3', 'PROBE rv=3', 'LIST', 'WATCH rv=2'])
    expect(rig.waits).toEqual([1100, 400])
    expect([rig.keys, seen.slice(2)]).toEqual([['web/a'], ['deleted web/b (unseen)']])
    rig.server.create(pods, webPod('c'))
    await rig.until(() => rig.keys.length === 2)
  })

  test('takes no object for the same after that: its version may have been given out twice', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    label(rig.server, 'web/a', 'first life')
    await rig.until(() => rig.informer.store.resourceVersion === '3')
    await rig.clock.advance(2000)
    rig.server.faults.dropWatches()
    await rig.requested(1)
    await rig.following()
    rig.server.faults.answer({ ...TOO_LARGE, times: 2 })
    await rig.clock.advance(2000)
    rig.server.faults.restoreStorage('2')
    label(rig.server, 'web/a', 'second life')
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.server.get(pods, 'web/a')?.metadata.resourceVersion).toBe('3')
    expect(rig.informer.store.get('web/a')?.metadata.labels).toEqual({ app: 'second life' })
    expect(rig.requests).toEqual(['WATCH rv=3', 'PROBE rv=3', 'PROBE rv=3', 'LIST', 'WATCH rv=3'])
  })

  test('only waits when the server was behind once', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.answer({ ...TOO_LARGE, retryAfter: 2 })
    rig.server.faults.dropWatches()
    await rig.passWait()
    await rig.following()
    expect([rig.requests, rig.waits]).toEqual([['PROBE rv=2', 'PROBE rv=2', 'WATCH rv=2'], [2200]])
  })

  test('is followed by the next one where lists are forbidden', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.answer({ verb: 'list', status: 403 })
    rig.server.faults.dropWatches()
    await rig.passWait()
    await rig.following()
    expect([rig.requests, rig.codes]).toEqual([['PROBE rv=2', 'WATCH rv=2'], ['ERR_FORBIDDEN']])
  })

  test('says so', async () => {
    const rig = await createRig({ objects: webPods('a') })
    await rig.following()
    const reasons: string[] = []
    rig.informer.onStatus(({ phase, reason }) => reasons.push(`${phase}: ${reason}`))
    await rig.clock.advance(2000)
    rig.server.faults.dropWatches()
    await rig.until(() => reasons.length === 2)
    expect(reasons).toEqual([
      'listing: a watch brought nothing: asking whether the server has reached 2',
      'watching: watching from 2',
    ])
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=2', 'PROBE rv=2', 'WATCH rv=2'])
  })
})
