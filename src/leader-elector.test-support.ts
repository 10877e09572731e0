import { onTestFinished, vi } from 'vitest'
import type { KubeflumeError } from './api/errors.ts'
import { type Lease, resources } from './api/generated/index.ts'
import type { Resource } from './api/resource.ts'
import type { LeaderElectorOptions, LeaderTerm } from './controller/leader-elector-options.ts'
import { deferred, type Deferred } from './internal/deferred.ts'
import { kubeConfigOf } from './informer/informer.test-support.ts'
import { LeaderElector } from './leader-elector.ts'
import { ManualClock } from './testing/manual-clock.ts'
import { TestApiServer } from './testing/server.ts'

export const leases: Resource<Lease> = resources.coordination.v1.leases
export const KEY = 'web/operator'

/** An elector that runs, and what becomes of it. */
export interface Running {
  readonly elector: LeaderElector
  /** undefined before it leads. */
  readonly term: LeaderTerm | undefined
  /** Settles what leads. */
  readonly lead: Deferred<void>
  readonly stopping: AbortController
  /** How `run` ended; undefined: it has not. */
  readonly end: string | undefined
}

/** A server with a clock, whose electors end with the test and must leave no timer behind. */
export class ElectionRig {
  readonly clock: ManualClock = new ManualClock()
  readonly server: TestApiServer
  readonly errors: KubeflumeError[] = []
  readonly #running: { lead: Deferred<void>; stopping: AbortController; done: Promise<void> }[] = []
  #mark = 0

  /** Waits between two tries to take a lease are as long as they can be. */
  static async start(spec?: Lease['spec']): Promise<ElectionRig> {
    const random = vi.spyOn(Math, 'random').mockReturnValue(1)
    const rig = new ElectionRig(
      await TestApiServer.start({ objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web' } }] }),
    )
    if (spec !== undefined) rig.server.create(leases, { metadata: { namespace: 'web', name: 'operator' }, spec })
    onTestFinished(async () => {
      await rig.#end()
      random.mockRestore()
    })
    return rig
  }

  private constructor(server: TestApiServer) {
    this.server = server
  }

  get spec(): NonNullable<Lease['spec']> {
    return this.server.get(leases, KEY)?.spec ?? {}
  }

  get codes(): string[] {
    return this.errors.map(({ code }) => code)
  }

  /** Verbs of what was asked since this was last read. */
  get requests(): string[] {
    const verbs = this.server.requests.slice(this.#mark).map(({ verb }) => verb)
    this.#mark = this.server.requests.length
    return verbs
  }

  /** Any wait of so many milliseconds is over, as the clock of this rig says it in a Lease. */
  timeIn(ms: number): string {
    return new Date(this.clock.now() + ms).toISOString().replace('Z', '000Z')
  }

  run(options: Partial<LeaderElectorOptions> = {}): Running {
    const { clock } = this
    const onError = (error: KubeflumeError): void => void this.errors.push(error)
    const lease = { namespace: 'web', name: 'operator' }
    const elector = new LeaderElector(kubeConfigOf(this.server), { lease, identity: 'a', clock, onError, ...options })
    const running = { elector, lead: deferred<void>(), stopping: new AbortController() }
    let term: LeaderTerm | undefined
    let end: string | undefined
    const lead = (begun: LeaderTerm): Promise<void> => {
      term = begun
      return running.lead.promise
    }
    const done = elector.run(lead, { signal: running.stopping.signal }).then(
      () => void (end = 'resolved'),
      (error: KubeflumeError) => void (end = error.code ?? error.message),
    )
    this.#running.push({ ...running, done })
    return {
      ...running,
      get term() {
        return term
      },
      get end() {
        return end
      },
    }
  }

  /** Runs one, and returns it when it leads. */
  async leader(options: Partial<LeaderElectorOptions> = {}): Promise<Running & { readonly term: LeaderTerm }> {
    const running = this.run(options)
    await this.settle()
    if (running.term === undefined) throw new Error('it does not lead')
    return running as Running & { readonly term: LeaderTerm }
  }

  /** Lets requests come and go, in no time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await this.clock.advance(0)
  }

  async #end(): Promise<void> {
    for (const { lead, stopping } of this.#running) {
      stopping.abort(new Error('the test is over'))
      lead.resolve()
    }
    await Promise.all(this.#running.map(({ done }) => done))
    await this.server.stop()
    if (this.clock.pending > 0) throw new Error(`${this.clock.pending} timers are left`)
  }
}
