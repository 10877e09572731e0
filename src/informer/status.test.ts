import { describe, expect, test } from 'vitest'
import type { KubeConfigLike } from '../api/kube-config.ts'
import { createRig, followingRig, kubeConfigOf, label, webPod, webPods } from './informer.test-support.ts'

describe('the status', () => {
  test('says what is waited for, in every phase', async () => {
    const rig = await createRig({ objects: webPods('a', 'b'), start: false })
    const reasons: string[] = []
    const listening = rig.informer.onStatus(({ phase, reason }) => {
      if (reasons.at(-1) !== `${phase}: ${reason}`) reasons.push(`${phase}: ${reason}`)
    })
    expect(rig.status).toMatchObject({ phase: 'idle', reason: 'not started' })
    rig.server.faults.answer({ status: 403, message: 'pods is forbidden' })
    rig.informer.start()
    await rig.passWait()
    await rig.following()
    await rig.informer.stop()
    listening[Symbol.dispose]()
    const shape = reasons.map((reason) => reason.replace(/\d+( of \d+)? bytes/, 'n bytes').replace(/\d\.\d s/, 'n s'))
    expect(shape.some((text) => /^listing: first list: \d+ items so far, n bytes$/.test(text))).toBe(true)
    const phases = shape.filter((text) => !text.includes('so far'))
    expect(phases.filter((text, index) => text !== phases[index - 1])).toEqual([
      'listing: first list',
      'backoff: the next list in n s, after: GET /api/v1/pods: 403 Forbidden: pods is forbidden',
      'listing: first list',
      'watching: watching from 3',
      'stopped: stopped',
    ])
  })

  test('says how many scopes lag behind, and shows one of them', async () => {
    const rig = await createRig({
      objects: [webPod('a'), webPod('b', { namespace: 'db' })],
      namespaces: ['web', 'db', 'none'],
      before: ({ faults }) => {
        faults.answer({ status: 403, message: 'not yours' })
        faults.answer({ status: 403, message: 'not yours' })
      },
    })
    await rig.until(() => rig.waits.length === 2 && rig.status.scopes.some(({ phase }) => phase === 'watching'))
    expect(rig.status.reason).toMatch(/^\w+: the next list in 0.4 s, after: .*not yours.*; 1 more of 3 are not synced$/)
    expect(rig.status.scopes.filter(({ resourceVersion }) => resourceVersion === undefined)).toHaveLength(2)
    expect(rig.requests.filter((request) => request.startsWith('LIST'))).toHaveLength(3)
  })

  test('is what a SyncError says: who waits, and for what', async () => {
    const rig = await createRig({
      objects: webPods('a'),
      before: ({ faults }) => faults.answer({ status: 403, message: 'not yours' }),
    })
    await rig.until(() => rig.waits.length === 1)
    const failing = rig.informer.synced({ timeoutMs: 100 }).catch((error: Error) => error.message)
    await rig.clock.advance(100)
    expect(await failing).toMatch(/^not synced: pods: the next list in 0.4 s, after: .*not yours/)
    expect(rig.requests).toEqual(['LIST'])
  })

  test('shows what is quarantined: key, version and error, and no text of the object', async () => {
    const rig = await followingRig({
      objects: webPods('a', 'b'),
      transform: (object) => {
        if (object.metadata.name === 'a') throw new Error('bad')
        return object
      },
    })
    expect(rig.status.quarantined).toMatchObject([
      { key: 'web/a', resourceVersion: '2', error: { code: 'ERR_TRANSFORM' } },
    ])
    expect(rig.status.reason).toBe('watching from 3; 1 of the objects cannot be read')
    label(rig.server, 'web/a', 'still bad')
    await rig.informer.caughtUp('4')
    expect(rig.status.quarantined).toMatchObject([{ key: 'web/a', resourceVersion: '4' }])
  })

  test('holds no token, whatever fails', async () => {
    const given: { kubeConfig?: KubeConfigLike } = {}
    const kubeConfig: KubeConfigLike = {
      getCurrentCluster: () => given.kubeConfig!.getCurrentCluster(),
      getCurrentUser: () => ({ name: 'me', token: 's3cr3t-t0k3n' }),
      applySecurityAuthentication: (context: { headers?: object } & object) => {
        Object.assign(context.headers ?? {}, { Authorization: 'Bearer s3cr3t-t0k3n' })
        return Promise.reject(new Error('the plugin printed s3cr3t-t0k3n'))
      },
    }
    const rig = await createRig({ objects: webPods('a'), kubeConfig, start: false })
    given.kubeConfig = { ...kubeConfigOf(rig.server), getCurrentCluster: () => ({ server: 'https://127.0.0.1:1' }) }
    rig.informer.start()
    await rig.until(() => rig.waits.length > 0)
    expect(rig.status.lastError?.code).toBe('ERR_CREDENTIALS')
    expect(JSON.stringify([rig.status, rig.status.lastError?.message])).not.toContain('s3cr3t')
  })
})
