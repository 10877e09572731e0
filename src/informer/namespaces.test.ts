import { describe, expect, test } from 'vitest'
import { createRig, followingRig, label, pods, webPod } from './informer.test-support.ts'

describe('several namespaces', () => {
  const objects = [webPod('a'), webPod('b', { namespace: 'db' }), webPod('c', { namespace: 'other' })]

  test('are one store, synced when each of them is', async () => {
    const rig = await createRig({
      objects,
      namespaces: ['web', 'db'],
      before: ({ faults }) => faults.answer({ status: 403, message: 'not yours' }),
    })
    const seen = rig.record()
    await rig.until(() => rig.waits.length === 1 && rig.requests.length === 3)
    expect(rig.keys).toEqual(['db/b'])
    expect(rig.status).toMatchObject({
      phase: 'backoff',
      synced: false,
      resourceVersion: undefined,
      attempts: 1,
      lastError: { code: 'ERR_FORBIDDEN' },
      scopes: [
        { namespace: 'web', phase: 'backoff', resourceVersion: undefined },
        { namespace: 'db', resourceVersion: '4' },
      ],
    })
    expect(rig.status.reason).toMatch(/^web: the next list in .*not yours$/)
    await rig.passWait()
    await rig.informer.synced()
    await rig.requested(5)
    expect(rig.keys).toEqual(['db/b', 'web/a'])
    expect(rig.requests.toSorted()).toEqual(['LIST db', 'LIST web', 'LIST web', 'WATCH db rv=4', 'WATCH web rv=4'])
    expect(seen).toEqual(['added db/b (initial)', 'added web/a (initial)'])
  })

  test('are relisted one by one: the others keep their objects', async () => {
    const rig = await followingRig({ objects, namespaces: ['web', 'db'] })
    await rig.until(() => rig.status.scopes.every(({ phase }) => phase === 'watching'))
    rig.mark()
    await rig.clock.advance(2000)
    rig.server.faults.loseEvents({ times: 2 })
    rig.server.delete(pods, 'web/a')
    rig.server.create(pods, webPod('new', { namespace: 'db' }))
    rig.server.faults.answer({ verb: 'watch', status: 410 })
    rig.server.faults.dropWatches()
    await rig.requested(2)
    await rig.passWait()
    await rig.until(() => rig.keys.join() === 'db/b,db/new')
    const relisted = rig.requests.find((request) => request.startsWith('LIST'))
    expect(rig.requests.filter((request) => request.startsWith('LIST'))).toHaveLength(1)
    expect(relisted).toMatch(/^LIST (web|db) rv=4 NotOlderThan$/)
    expect(rig.keys).toEqual(['db/b', 'db/new'])
  })

  test('have the oldest version of them, and the oldest contact', async () => {
    const rig = await followingRig({ objects, namespaces: ['web', 'db'] })
    await rig.until(() => rig.status.scopes.every(({ phase }) => phase === 'watching'))
    const contact = rig.clock.now()
    await rig.clock.advance(1000)
    label(rig.server, 'db/b', '1')
    await rig.until(() => rig.status.scopes.some(({ resourceVersion }) => resourceVersion === '5'))
    expect(rig.informer.store.resourceVersion).toBe('4')
    expect(rig.status).toMatchObject({ resourceVersion: '4', lastContactAt: contact, items: 2 })
  })

  test('reject the sync when one of them can never come', async () => {
    const rig = await createRig({
      objects,
      namespaces: ['web', 'db'],
      before: ({ faults }) => faults.answer({ status: 400 }),
    })
    expect(await rig.informer.synced().catch((error: unknown) => error)).toMatchObject({
      code: 'ERR_SYNC',
      cause: { status: 400 },
    })
    await rig.requested(3)
    await rig.passWait()
    await rig.informer.synced()
  })
})
