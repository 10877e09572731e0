import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { KubeflumeError } from '../api/errors.ts'
import { createRig, followingRig, nodes, webPods } from '../informer/informer.test-support.ts'
import { createHealth, type Health, type HealthOptions } from './health.ts'

const MINUTE = 60_000

/** What a server of `node:http` with that handler answers. */
async function probe(health: Health, path: string, method = 'GET'): Promise<{ status: number; body: string }> {
  const server = createServer(health.handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { connection: 'close' } })
    return { status: response.status, body: await response.text() }
  } finally {
    server.close()
  }
}

describe('readyz', () => {
  test('holds when every informer is synced and hears from the server', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const health = createHealth({ informers: [rig.informer], clock: rig.clock })
    expect(health.readyz()).toEqual({ healthy: true, checks: [{ name: 'informer/v1/pods', problem: undefined }] })
    expect(await probe(health, '/readyz')).toEqual({ status: 200, body: 'ok\n' })
    expect(await probe(health, '/readyz?verbose')).toEqual({
      status: 200,
      body: '[+]informer/v1/pods ok\nreadyz check passed\n',
    })
  })

  test('says which informer waits for what, in one line each', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const refused = await createRig({
      resource: nodes,
      before: ({ faults }) => faults.answer({ verb: 'list', status: 403, message: 'you may\nnot', times: 100 }),
    })
    await refused.until(() => refused.status.phase === 'backoff')
    const health = createHealth({ informers: [rig.informer, refused.informer], clock: rig.clock })
    const { status, body } = await probe(health, '/readyz')
    expect(status).toBe(503)
    expect(body.split('\n')).toEqual([
      '[+]informer/v1/pods ok',
      expect.stringMatching(
        /^\[-\]informer\/v1\/nodes failed: not synced: the next list in .* s, after: .*you may not/,
      ),
      'readyz check failed',
      '',
    ])
  })

  test('fails before the start of an informer, and after its stop', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    const health = createHealth({ informers: () => [rig.informer], clock: rig.clock })
    expect(health.readyz().checks).toMatchObject([{ problem: expect.stringContaining('not synced: not started') }])
    rig.informer.start()
    await rig.following()
    expect(health.readyz().healthy).toBe(true)
    await rig.informer.stop()
    expect(health.readyz().checks).toMatchObject([{ problem: 'stopped' }])
  })

  test('fails when nothing has come for twelve minutes, and holds again with the next word', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const health = createHealth({ informers: [rig.informer], clock: rig.clock })
    rig.server.faults.answer({ status: 503, times: 1000 })
    rig.server.faults.dropWatches()
    for (let waited = 0; waited < 12; waited++) await rig.clock.advance(MINUTE)
    expect(health.readyz().healthy).toBe(true)
    await rig.clock.advance(1000)
    expect(health.readyz().checks[0]!.problem).toMatch(/^stale: nothing came for 72\d s: /)
    rig.server.faults.clear()
    await rig.clock.advance(MINUTE)
    await rig.following()
    expect(health.readyz().healthy).toBe(true)
  })

  test('tells two informers of one resource apart', async () => {
    const { informer, clock } = await followingRig({ objects: webPods('a') })
    const health = createHealth({ informers: [informer, informer], clock })
    expect(health.readyz().checks.map(({ name }) => name)).toEqual(['informer/v1/pods', 'informer/v1/pods-2'])
  })

  test('has checks of its user, and does not show what they throw', async () => {
    const errors: KubeflumeError[] = []
    const failing: HealthOptions['readyz'] = {
      database: () => 'no connection',
      secret: () => {
        throw new Error('password: hunter2')
      },
      promised: (() => Promise.reject(new Error('token: hunter3'))) as never,
    }
    const health = createHealth({ readyz: failing, onError: (error) => errors.push(error) })
    const { status, body } = await probe(health, '/readyz')
    expect([status, body]).toEqual([
      503,
      [
        '[-]database failed: no connection',
        '[-]secret failed: reason withheld',
        '[-]promised failed: the check said nothing',
        'readyz check failed\n',
      ].join('\n'),
    ])
    expect(errors).toMatchObject([
      { code: 'ERR_HANDLER', cause: { message: 'password: hunter2' } },
      { code: 'ERR_HANDLER', cause: { message: 'token: hunter3' } },
    ])
    expect((await probe(health, '/readyz?exclude=database&exclude=secret&exclude=promised')).status).toBe(200)
    expect((await probe(health, '/readyz/database')).status).toBe(503)
  })

  test('fails, and does not throw, when it cannot be said which the informers are', () => {
    const errors: KubeflumeError[] = []
    const informers = (): never => {
      throw new Error('mine')
    }
    const health = createHealth({ informers, onError: (error) => errors.push(error) })
    expect(health.readyz()).toEqual({ healthy: false, checks: [{ name: 'informers', problem: 'reason withheld' }] })
    expect(errors).toMatchObject([{ cause: { message: 'mine' } }])
  })
})

describe('healthz', () => {
  test('holds whatever the API server does', async () => {
    const rig = await createRig({ before: ({ faults }) => faults.answer({ status: 500, times: 1000 }) })
    await rig.until(() => rig.status.phase === 'backoff')
    const health = createHealth({ informers: [rig.informer], clock: rig.clock })
    expect(await probe(health, '/healthz')).toEqual({ status: 200, body: 'ok\n' })
    expect(await probe(health, '/livez?verbose')).toEqual({ status: 200, body: '[+]ping ok\nlivez check passed\n' })
    expect((await probe(health, '/readyz')).status).toBe(503)
  })

  test('fails when work goes on for more than 20 s after its lease was lost', async () => {
    const status = { overdueMs: 20_000 }
    const health = createHealth({ elector: { status } })
    expect(health.healthz().healthy).toBe(true)
    status.overdueMs = 21_000
    expect(await probe(health, '/healthz')).toEqual({
      status: 503,
      body: '[+]ping ok\n[-]leader-election failed: the lease was lost 21 s ago, and what was to end with it goes on\nhealthz check failed\n',
    })
  })
})

describe('the handler', () => {
  test.each([
    ['/', 'GET', 404],
    ['//', 'GET', 404],
    ['/readyz/nothing', 'GET', 404],
    ['/readyz/%E0%A4%A', 'GET', 404],
    ['/healthz', 'POST', 405],
    ['/healthz', 'HEAD', 200],
  ])('answers %s by %s with %i', async (path, method, status) => {
    const answer = await probe(createHealth(), path, method)
    expect([answer.status, answer.body === '']).toEqual([status, method === 'HEAD'])
  })
})

test('createHealth refuses a time that is none', () => {
  expect(() => createHealth({ staleAfterMs: Number.NaN })).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
})
