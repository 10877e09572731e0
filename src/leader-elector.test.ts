import { describe, expect, test } from 'vitest'
import { createWriter } from './client.ts'
import { resources } from './api/generated/index.ts'
import { LeaderElector } from './leader-elector.ts'
import { ElectionRig, KEY, leases } from './leader-elector.test-support.ts'
import { failureOf } from './write/writer.test-support.ts'
import { kubeConfigOf } from './informer/informer.test-support.ts'

const { configmaps } = resources.core.v1
/** Held by somebody whose clock is years behind: nobody looks at that. */
const FOREIGN = {
  holderIdentity: 'z',
  leaseDurationSeconds: 20,
  acquireTime: '1999-01-01T00:00:00.000000Z',
  renewTime: '1999-01-01T00:00:00.000000Z',
  leaseTransitions: 6,
}

describe('an elector that waits', () => {
  test('creates the lease where there is none, and leads', async () => {
    const rig = await ElectionRig.start()
    const now = rig.timeIn(0)
    const { term } = await rig.leader()
    expect(rig.requests).toEqual(['get', 'create'])
    const times = { acquireTime: now, renewTime: now }
    expect(rig.spec).toEqual({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0, ...times })
    expect(term.transitions).toBe(0)
  })

  test('takes a lease of somebody else when it has not seen it change for the time that it says', async () => {
    const rig = await ElectionRig.start(FOREIGN)
    const running = rig.run()
    await rig.clock.advance(10_000)
    rig.server.edit(leases, KEY, (lease) => (lease.spec!.renewTime = '1999-01-01T00:00:01.000000Z'))
    await rig.clock.advance(2000) // when it looks again, at the latest
    await rig.clock.advance(19_999)
    expect(running.term).toBeUndefined()
    await rig.clock.advance(1)
    expect(running.term?.transitions).toBe(7)
    const now = rig.timeIn(0)
    const times = { acquireTime: now, renewTime: now }
    expect(rig.spec).toEqual({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 7, ...times })
  })

  test('looks every retry period, and at the moment when the lease runs out', async () => {
    const rig = await ElectionRig.start({ ...FOREIGN, leaseDurationSeconds: 5 })
    rig.run()
    await rig.settle()
    expect(rig.requests).toEqual(['get'])
    await rig.clock.advance(4999)
    expect(rig.requests).toEqual(['get', 'get'])
    await rig.clock.advance(1)
    expect(rig.requests).toEqual(['get', 'update'])
  })

  test.each([
    ['that nobody holds', { ...FOREIGN, holderIdentity: '' }, 7],
    ['without a holder', { leaseTransitions: 1 }, 2],
    ['that is its own still', { ...FOREIGN, holderIdentity: 'a' }, 6],
  ])('takes a lease %s at once', async (_name, spec, transitions) => {
    const rig = await ElectionRig.start(spec)
    const { term } = await rig.leader()
    expect(term.transitions).toBe(transitions)
    expect(rig.spec).toMatchObject({ holderIdentity: 'a', leaseTransitions: transitions })
  })

  test('keeps when it was acquired, where it is its own still', async () => {
    const rig = await ElectionRig.start({ ...FOREIGN, holderIdentity: 'a' })
    await rig.leader()
    expect(rig.spec).toMatchObject({ acquireTime: FOREIGN.acquireTime, renewTime: rig.timeIn(0) })
  })

  test('waits its own lease duration for a lease that says none', async () => {
    const rig = await ElectionRig.start({ holderIdentity: 'z' })
    const running = rig.run({ leaseDurationMs: 12_000 })
    await rig.clock.advance(11_999)
    expect(running.term).toBeUndefined()
    await rig.clock.advance(1)
    expect(running.term).toBeDefined()
  })

  test('says what fails, and tries again', async () => {
    const rig = await ElectionRig.start()
    rig.server.faults.answer({ status: 403, times: 2 })
    const running = rig.run()
    await rig.clock.advance(2000)
    expect([rig.codes, running.term]).toEqual([['ERR_FORBIDDEN', 'ERR_FORBIDDEN'], undefined])
    await rig.clock.advance(2000)
    expect(running.term).toBeDefined()
  })

  test('leaves it to the other one who was faster', async () => {
    const rig = await ElectionRig.start()
    const [first, second] = [rig.run(), rig.run({ identity: 'b' })]
    await rig.settle()
    expect([first.term, second.term].filter((term) => term !== undefined)).toHaveLength(1)
    expect(rig.requests.toSorted()).toEqual(['create', 'create', 'get', 'get'])
    expect(rig.codes).toEqual([])
  })

  test('resolves when its signal aborts', async () => {
    const rig = await ElectionRig.start(FOREIGN)
    const running = rig.run()
    await rig.settle()
    running.stopping.abort(new Error('enough'))
    await rig.settle()
    expect(running.end).toBe('resolved')
    expect(rig.spec).toEqual(FOREIGN)
  })

  test('tells who leads, and knows it', async () => {
    const rig = await ElectionRig.start({ ...FOREIGN, leaseDurationSeconds: 1 })
    const seen: string[] = []
    const { elector, lead } = rig.run({ onNewLeader: (identity) => void seen.push(identity) })
    expect(elector.status).toEqual({ isLeading: false, leader: undefined, overdueMs: 0 })
    await rig.settle()
    expect(elector.status).toEqual({ isLeading: false, leader: 'z', overdueMs: 0 })
    await rig.clock.advance(1000)
    expect(elector.status).toEqual({ isLeading: true, leader: 'a', overdueMs: 0 })
    lead.resolve()
    await rig.settle()
    expect(elector.status).toEqual({ isLeading: false, leader: '', overdueMs: 0 })
    expect(seen).toEqual(['z', 'a', ''])
  })

  test('knows that nobody leads, before it can', async () => {
    const rig = await ElectionRig.start()
    rig.server.faults.answer({ status: 403, verb: 'create' })
    const { elector } = rig.run()
    await rig.settle()
    expect(elector.status).toEqual({ isLeading: false, leader: '', overdueMs: 0 })
  })
})

describe('an elector that leads', () => {
  test('renews every retry period by one request, of the version that it has seen', async () => {
    const rig = await ElectionRig.start()
    const begun = rig.timeIn(0)
    await rig.leader()
    void rig.requests
    await rig.clock.advance(6000)
    expect(rig.requests).toEqual(['update', 'update', 'update'])
    expect(rig.spec).toMatchObject({ acquireTime: begun, renewTime: rig.timeIn(0), leaseTransitions: 0 })
  })

  test('writes another time than is there, however its clock goes', async () => {
    const rig = await ElectionRig.start()
    const clock = { now: () => 0, setTimeout: (run: () => void, ms: number) => rig.clock.setTimeout(run, ms) }
    await rig.leader({ clock })
    await rig.clock.advance(2000)
    expect(rig.spec).toMatchObject({
      acquireTime: '1970-01-01T00:00:00.000000Z',
      renewTime: '1970-01-01T00:00:00.000001Z',
    })
  })

  test('reads the lease where somebody has written it, and keeps what is not its own', async () => {
    const rig = await ElectionRig.start()
    await rig.leader()
    rig.server.edit(leases, KEY, (lease) => {
      lease.metadata.annotations = { team: 'blue' }
      lease.spec!.strategy = 'OldestEmulationVersion'
    })
    void rig.requests
    await rig.clock.advance(2000)
    expect(rig.requests).toEqual(['update', 'get', 'update'])
    const lease = rig.server.get(leases, KEY)!
    expect(lease.metadata.annotations).toEqual({ team: 'blue' })
    expect(lease.spec).toMatchObject({ strategy: 'OldestEmulationVersion', renewTime: rig.timeIn(0) })
  })

  test.each([
    ['held by another', (rig: ElectionRig) => void rig.server.edit(leases, KEY, (lease) => (lease.spec = FOREIGN))],
    ['free', (rig: ElectionRig) => void rig.server.edit(leases, KEY, (lease) => (lease.spec!.holderIdentity = ''))],
    ['gone', (rig: ElectionRig) => rig.server.delete(leases, KEY)],
    [
      'its own again, after another term',
      (rig: ElectionRig) => void rig.server.edit(leases, KEY, (lease) => (lease.spec!.leaseTransitions = 2)),
    ],
  ])('ends at once when it sees that the lease is %s', async (_name, change) => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    change(rig)
    await rig.clock.advance(2000)
    expect(running.term.signal.reason).toMatchObject({ code: 'ERR_LEASE_LOST', retryable: true })
    running.lead.resolve()
    await rig.settle()
    expect(running.end).toBe('ERR_LEASE_LOST')
  })

  test('aborts its signal when it could not renew for the renew deadline, and waits for what it led', async () => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    rig.server.faults.answer({ status: 500, times: 100 })
    await rig.clock.advance(9999)
    expect(running.term.signal.aborted).toBe(false)
    await rig.clock.advance(1)
    expect(running.term.signal.reason).toMatchObject({ code: 'ERR_LEASE_LOST', message: expect.stringMatching(KEY) })
    expect(rig.codes).toEqual(['ERR_API', 'ERR_API', 'ERR_API', 'ERR_API'])
    void rig.requests
    await rig.clock.advance(30_000)
    expect(running.end).toBeUndefined()
    expect(running.elector.status).toMatchObject({ isLeading: false, overdueMs: 30_000 })
    running.lead.resolve()
    await rig.settle()
    expect(running.end).toBe('ERR_LEASE_LOST')
    expect(rig.requests).toEqual([]) // it runs out by itself
  })

  test('releases the lease when what it led has returned', async () => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    const waiting = rig.run({ identity: 'b' })
    await rig.clock.advance(1000)
    running.lead.resolve()
    await rig.settle()
    expect(running.end).toBe('resolved')
    const now = rig.timeIn(0)
    const times = { acquireTime: now, renewTime: now }
    expect(rig.spec).toEqual({ holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 0, ...times })
    expect(running.term.signal.reason).toMatchObject({ code: 'ERR_STOPPED' })
    await rig.clock.advance(2000)
    expect(waiting.term?.transitions).toBe(1)
  })

  test('rejects with what it led, and releases the lease', async () => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    running.lead.reject(new Error('it broke'))
    await rig.settle()
    expect([running.end, rig.spec.holderIdentity]).toEqual(['it broke', ''])
  })

  test('holds the lease until what it leads has settled, when its signal aborts', async () => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    const reason = new Error('enough')
    running.stopping.abort(reason)
    expect(running.term.signal.reason).toBe(reason)
    await rig.clock.advance(60_000)
    expect(rig.spec).toMatchObject({ holderIdentity: 'a', renewTime: rig.timeIn(0) })
    expect(running.end).toBeUndefined()
    running.lead.reject(reason)
    await rig.settle()
    expect([running.end, rig.spec.holderIdentity]).toEqual(['resolved', ''])
  })

  test('resolves when it has been asked to end, also where the lease was lost before', async () => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    rig.server.edit(leases, KEY, (lease) => (lease.spec = FOREIGN))
    await rig.clock.advance(2000)
    running.stopping.abort()
    running.lead.reject(running.term.signal.reason)
    await rig.settle()
    expect([running.end, rig.codes]).toEqual(['resolved', ['ERR_LEASE_LOST']])
  })

  test('rejects with the loss alone where what it led heeds its signal', async () => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    rig.server.edit(leases, KEY, (lease) => (lease.spec = FOREIGN))
    await rig.clock.advance(2000)
    running.lead.reject(new DOMException('it was aborted', 'AbortError'))
    await rig.settle()
    expect([running.end, rig.codes]).toEqual(['ERR_LEASE_LOST', []])
  })

  test('says what it led failed with, when the lease was lost', async () => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    rig.server.edit(leases, KEY, (lease) => (lease.spec = FOREIGN))
    await rig.clock.advance(2000)
    running.lead.reject(new Error('it broke'))
    await rig.settle()
    expect(running.end).toBe('ERR_LEASE_LOST')
    expect(rig.errors[0]).toMatchObject({ code: 'ERR_LEASE_LOST', cause: { message: 'it broke' } })
  })
})

describe('a writer that is bound to a term', () => {
  const map = (name: string): { metadata: { namespace: string; name: string } } => ({
    metadata: { namespace: 'web', name },
  })

  test('refuses by the clock, before the timer of a process that was stopped has run', async () => {
    const rig = await ElectionRig.start()
    const { term } = await rig.leader()
    const writer = createWriter(kubeConfigOf(rig.server), configmaps, { signal: term.signal })
    await writer.create(map('one'))
    void rig.requests
    rig.clock.jump(9999)
    await writer.create(map('two'))
    rig.clock.jump(1)
    expect(term.signal.aborted).toBe(false)
    expect(await failureOf(writer.create(map('three')))).toMatchObject({ code: 'ERR_LEASE_LOST' })
    expect(term.signal.aborted).toBe(true)
    expect(() => term.check()).toThrow(expect.objectContaining({ code: 'ERR_LEASE_LOST' }))
    expect(rig.requests).toEqual(['create'])
  })

  test('looks at the clock again when credentials and connection are there', async () => {
    const rig = await ElectionRig.start()
    const { term } = await rig.leader()
    const kubeConfig = {
      ...kubeConfigOf(rig.server),
      async applySecurityAuthentication() {
        rig.clock.jump(10_000) // a plugin that takes its time
      },
    }
    const writer = createWriter(kubeConfig, configmaps, { signal: term.signal })
    void rig.requests
    expect(await failureOf(writer.create(map('one')))).toMatchObject({ code: 'ERR_LEASE_LOST' })
    expect(rig.requests).toEqual([])
  })

  test.each([
    ['is left to run out when a write went unanswered', 'rejectConnections', 'a'],
    ['is released when the server has refused one', 'answer', ''],
  ] as const)('%s', async (_name, fault, holder) => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    const writer = createWriter(kubeConfigOf(rig.server), configmaps, { signal: running.term.signal })
    rig.server.faults[fault]({ status: 409, resource: configmaps, times: 5 })
    await failureOf(writer.create(map('one')))
    running.lead.resolve()
    await rig.settle()
    expect([running.end, rig.spec.holderIdentity]).toEqual(['resolved', holder])
  })
})

describe('an elector', () => {
  test.each([
    [{ leaseDurationMs: 10_000 }, 'leaseDurationMs'],
    [{ renewDeadlineMs: 2400 }, 'renewDeadlineMs'],
    [{ retryPeriodMs: 0 }, 'retryPeriodMs'],
    [{ leaseDurationMs: Infinity }, 'leaseDurationMs'],
    [{ identity: '' }, 'identity'],
  ])('does not take %o', (options, name) => {
    const make = () =>
      new LeaderElector(kubeConfigOf({ url: 'http://127.0.0.1:1' }), {
        lease: { namespace: 'a', name: 'b' },
        ...options,
      })
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(name) }))
  })

  test('does not take a lease without a name', () => {
    const make = () => new LeaderElector(kubeConfigOf({ url: 'http://x' }), { lease: { namespace: 'a', name: '' } })
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_KEY' }))
  })

  test('runs once at a time, and again', async () => {
    const rig = await ElectionRig.start()
    const running = await rig.leader()
    const again = running.elector.run(() => Promise.resolve())
    expect(await failureOf(again)).toMatchObject({ code: 'ERR_OPTION' })
    running.lead.resolve()
    await rig.settle()
    await running.elector.run(({ transitions }) => {
      expect(transitions).toBe(1)
      return Promise.resolve()
    })
  })

  test('writes its lease duration in whole seconds, no shorter than it is', async () => {
    const rig = await ElectionRig.start()
    await rig.leader({ leaseDurationMs: 1500, renewDeadlineMs: 1200, retryPeriodMs: 500 })
    expect(rig.spec.leaseDurationSeconds).toBe(2)
  })
})
