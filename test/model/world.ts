import type { KubeflumeError } from '../../src/api/errors.ts'
import type { DeepReadonly } from '../../src/api/object.ts'
import type { KubeConfigLike } from '../../src/api/kube-config.ts'
import { createInformer } from '../../src/client.ts'
import type { Clock } from '../../src/internal/clock.ts'
import type { Informer } from '../../src/informer/informer.ts'
import type { RecordedRequest } from '../../src/testing/http/exchange.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { TestApiServer } from '../../src/testing/server.ts'
import { KnownStates } from './known-states.ts'
import { appOf, type ScopeChoice, type Thing } from './scopes.ts'
import { type Setup, widgets } from './setup.ts'
import { UnnoticedRestores } from './unnoticed-restores.ts'
import type { Witness } from './witness.ts'

export type Index = 'app' | 'node' | 'letters'

const MAX_AT_ONCE = 25
const MAX_TURNS = 40
/** A server that is starting asks to be asked again after a second. */
const MAX_A_MINUTE = 60

export interface Audience {
  readonly witness: Witness
  readonly filter: ((object: DeepReadonly<Thing>) => boolean) | undefined
  /** Whether everything that was told has been heard. */
  readonly isIdle: () => boolean
  readonly unsubscribe: () => void
}

/** A server, an informer of it, who listens, and what is known to be right. */
export class World {
  readonly setup: Setup
  readonly server: TestApiServer
  readonly clock: ManualClock
  readonly informer: Informer<Thing, Index>
  readonly states: KnownStates = new KnownStates()
  readonly restores: UnnoticedRestores = new UnnoticedRestores()
  readonly log: string[] = []
  readonly violations: string[] = []
  readonly codes: Set<string> = new Set()
  /** Calls that have not been answered. */
  readonly pending: Set<Promise<void>> = new Set()
  audience: readonly Audience[] = []
  choice: ScopeChoice
  scopeChanges = 0
  /** Changes of scope that are under way: what they remove may still be there. */
  rescoping = 0
  /** Counts starts: a new run begins with nothing. */
  runs = 0
  isRunning = false
  /** Whether the server has told what is not so. */
  hasLied = false
  /** Timers of the informer alone. */
  timers = 0
  counter = 0
  #pacedAt: number

  static async start(setup: Setup): Promise<World> {
    const clock = new ManualClock()
    const server = await TestApiServer.start({ clock, release: setup.release, crds: [widgets] })
    return new World(setup, server, clock)
  }

  private constructor(setup: Setup, server: TestApiServer, clock: ManualClock) {
    this.setup = setup
    this.server = server
    this.clock = clock
    this.#pacedAt = clock.now()
    this.choice = setup.choice
    this.informer = createInformer<Thing, Index>(kubeConfigOf(server), setup.resource, {
      ...setup.options,
      ...setup.choice.scope,
      indexes: {
        app: { label: 'app' },
        node: 'spec.nodeName',
        letters: ({ metadata }) => [metadata.name, metadata.namespace ?? ''],
      },
      onError: (error) => this.#hear(error),
      clock: this.#counted(clock),
    })
  }

  /** What the server says can be held against what the model knows. */
  get isTrustworthy(): boolean {
    return !this.hasLied && !this.restores.isTooLate
  }

  get scopes(): ReturnType<() => Informer<Thing>['status']['scopes']> {
    return this.isRunning ? this.informer.status.scopes : []
  }

  report(violation: string): void {
    this.violations.push(violation)
  }

  start(): void {
    if (this.isRunning) return
    this.runs++
    this.isRunning = true
    this.informer.start()
  }

  /** No answer of a server may become a loop: what is asked of a scope goes with the time that passes. */
  checkPace(requests: readonly RecordedRequest[]): void {
    const minutes = (this.clock.now() - this.#pacedAt) / 60_000
    this.#pacedAt = this.clock.now()
    const most = MAX_AT_ONCE + minutes * MAX_A_MINUTE
    for (const [scope, { length }] of Map.groupBy(requests, scopeOf))
      if (length > most) this.report(`${length} requests of ${scope} in ${minutes.toFixed(2)} minutes`)
  }

  /** Lets everything that is under way come to its end, without letting time pass. */
  async quiet(): Promise<void> {
    await this.clock.advance(0)
    this.look()
  }

  /** The same for a list that is put in place in many slices; one that the server does not go on with stays. */
  async rest(): Promise<void> {
    const isListing = (): boolean => this.scopes.some(({ phase }) => phase === 'listing')
    await this.quiet()
    for (let turn = 0; turn < MAX_TURNS && isListing(); turn++) await this.quiet()
  }

  /** Takes note of how far the informer is. */
  look(): void {
    this.restores.look(this.states.revision, this.scopes)
  }

  /** Follows a call whose answer may take its time; what it rejects with must be an error of ours. */
  follow<T>(name: string, call: Promise<T>, onResolved: (result: T) => void = () => {}): void {
    const followed = call.then(onResolved, (error: unknown) => {
      if (!isOwnError(error)) this.report(`${name}: ${String(error)}`)
    })
    const done = followed
      .catch((error: unknown) => this.report(`${name}: ${String(error)}`))
      .finally(() => this.pending.delete(done))
    this.pending.add(done)
  }

  #hear(error: KubeflumeError): void {
    this.codes.add(error.code)
    if (error.code === 'ERR_HANDLER' || error.code === 'ERR_DECODE_OBJECT') this.report(`onError: ${String(error)}`)
  }

  #counted(clock: ManualClock): Clock {
    return {
      now: () => clock.now(),
      setTimeout: (run, ms) => {
        let isOver = false
        const over = (): void => {
          if (!isOver) this.timers--
          isOver = true
        }
        this.timers++
        const timer = clock.setTimeout(() => {
          over()
          run()
        }, ms)
        return {
          [Symbol.dispose]: () => {
            over()
            timer[Symbol.dispose]()
          },
        }
      },
    }
  }
}

export function isX(object: DeepReadonly<Thing>): boolean {
  return appOf(object) === 'x'
}

function scopeOf({ path, query: { labelSelector = '', fieldSelector = '' } }: RecordedRequest): string {
  return [path, labelSelector, fieldSelector].join(' ')
}

/** Whatever a caller is told has a code: by our own name, for one that is thrown, or as the reason of a stop. */
function isOwnError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_')
}

function kubeConfigOf({ url }: { readonly url: string }): KubeConfigLike {
  return {
    getCurrentCluster: () => ({ server: url }),
    getCurrentUser: () => null,
    applySecurityAuthentication: () => Promise.resolve(),
  }
}
