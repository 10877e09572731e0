import { expect, onTestFinished, vi } from 'vitest'
import { resources } from '../api/generated/index.ts'
import type { Node, Pod } from '../api/generated/index.ts'
import type { KubeflumeError } from '../api/errors.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import type { KubeConfigLike } from '../api/kube-config.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import { createInformer } from '../client.ts'
import type { Clock } from '../internal/clock.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { pod, type PodOptions } from '../testing/pods.ts'
import type { RecordedRequest } from '../testing/http/exchange.ts'
import { TestApiServer, type TestApiServerOptions } from '../testing/server.ts'
import type { Delta } from './delta.ts'
import type { Informer, InformerOptions } from './informer.ts'

export const pods: Resource<Pod> = resources.core.v1.pods
export const nodes: Resource<Node> = resources.core.v1.nodes

/** Enough for any exchange over loopback; what takes longer is not coming. */
const MAX_TURNS = 400
/** The deadlines of a LIST, of a WATCH until it is open, and of one that is. They are not waits. */
const DEADLINES: ReadonlySet<number> = new Set([90_000, 60_000, 480_000])
const WATCH_LIST_SILENCE_MS = 15_000
/** No test asks for more at once, nor can any fault make it: the rest goes with the time that passes. */
const MAX_AT_ONCE = 25
const MAX_A_MINUTE = 30
/** What `Math.random` says here: a backoff is half of its ceiling, a Retry-After a tenth longer, a watch 450 s. */
const RANDOM = 0.5

export type RigOptions<T extends KubernetesObject, I extends string> = InformerOptions<T, I> &
  Pick<TestApiServerOptions, 'objects' | 'crds' | 'release'> & {
    readonly resource?: Resource<T>
    /** In place of one for the rig's server. */
    readonly kubeConfig?: KubeConfigLike
    /** Orders faults before the informer starts. */
    readonly before?: (server: TestApiServer) => void
    /** @default true */
    readonly start?: boolean
  }

/** A server, an informer of it, and a clock for both. All of it ends with the test, and must leave no timer behind. */
export class Rig<T extends KubernetesObject = Pod, I extends string = never> {
  readonly clock: ManualClock
  readonly server: TestApiServer
  readonly kubeConfig: KubeConfigLike
  readonly informer: Informer<T, I>
  readonly errors: KubeflumeError[] = []
  /** How long it waited before a request, each time, in milliseconds. */
  readonly waits: number[] = []
  /** Timers that the informer has set and not taken back. */
  timers = 0
  #waited = 0
  #mark = 0
  readonly #startedAt: number

  constructor(server: TestApiServer, clock: ManualClock, options: RigOptions<T, I>) {
    this.server = server
    this.clock = clock
    this.#startedAt = clock.now()
    const { resource = pods as unknown as Resource<T>, kubeConfig = kubeConfigOf(server), ...rest } = options
    this.kubeConfig = kubeConfig
    const onError = options.onError ?? ((error: KubeflumeError) => void this.errors.push(error))
    this.informer = createInformer<T, I>(kubeConfig, resource, {
      ...rest,
      onError,
      clock: this.#watched(clock),
    }) as Informer<T, I>
  }

  get status(): InformerStatus {
    return this.informer.status
  }

  get codes(): string[] {
    return this.errors.map(({ code }) => code)
  }

  /** Every request since the last `mark`. */
  get requests(): string[] {
    return this.server.requests.slice(this.#mark).map(shown)
  }

  get keys(): string[] {
    return [...this.informer.store.keys()].sort()
  }

  /** From here on `requests`, `errors` and `waits` begin anew. */
  mark(): void {
    this.#mark = this.server.requests.length
    this.errors.length = 0
    this.waits.length = 0
    this.#waited = 0
  }

  /** Lets code and sockets go on, not time, until it holds. */
  async until(holds: () => boolean, what: string = String(holds)): Promise<void> {
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      if (holds()) return
      await this.clock.advance(0)
    }
    const { phase, reason } = this.status
    const said = { status: `${phase}: ${reason}`, requests: this.requests, errors: this.errors.map(String) }
    throw new Error(`it never came to ${what}\n${JSON.stringify(said, undefined, 2)}`)
  }

  /** Until it watches: everything that the server has said has arrived. */
  async following(): Promise<void> {
    await this.until(() => this.status.phase === 'watching', 'watching')
  }

  /** Until it has got so many requests. */
  async requested(count: number): Promise<void> {
    await this.until(() => this.requests.length >= count, `${count} requests`)
  }

  /** Until it waits; lets that time pass, and asserts that no request comes before its end and one does then. */
  async passWait(): Promise<void> {
    await this.until(() => this.waits.length > this.#waited, 'a wait')
    const ms = this.waits[this.#waited++]!
    const count = this.server.requests.length
    await this.clock.advance(ms - 1)
    if (this.server.requests.length > count) throw new Error(`a request came before ${ms} ms were over`)
    await this.clock.advance(1)
    await this.until(() => this.server.requests.length > count, `a request after a wait of ${ms} ms`)
  }

  /** Throws where it was asked again and again: no answer of a server may become a loop. */
  checkPace(): void {
    const minutes = Math.max(this.clock.now() - this.#startedAt, 0) / 60_000
    const { length } = this.server.requests
    if (length > MAX_AT_ONCE + minutes * MAX_A_MINUTE)
      throw new Error(`${length} requests in ${minutes.toFixed(1)} minutes: ${this.requests.slice(-10).join(', ')}`)
  }

  /** Every delta from now on, as text. */
  record(): string[] {
    const seen: string[] = []
    this.informer.subscribe((delta) => void seen.push(text(delta)))
    return seen
  }

  #isWait(ms: number): boolean {
    if (ms === WATCH_LIST_SILENCE_MS) return this.status.phase === 'backoff' // a wait can be as long
    return !DEADLINES.has(ms)
  }

  #watched(clock: ManualClock): Clock {
    return {
      now: () => clock.now(),
      setTimeout: (run, ms) => {
        if (this.#isWait(ms)) this.waits.push(ms)
        this.timers++
        let isOver = false
        const over = (): void => {
          if (!isOver) this.timers--
          isOver = true
        }
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

export async function createRig<T extends KubernetesObject = Pod, I extends string = never>(
  options: RigOptions<T, I> = {},
): Promise<Rig<T, I>> {
  const random = vi.spyOn(Math, 'random').mockReturnValue(RANDOM)
  const clock = new ManualClock()
  const { objects, crds, release } = options
  const server = await TestApiServer.start({ clock, objects, crds, release, freshnessTimeoutMs: 0 })
  const rig = new Rig<T, I>(server, clock, options)
  onTestFinished(async () => {
    await rig.informer.stop()
    await server.stop()
    random.mockRestore()
    if (clock.pending > 0) throw new Error(`${clock.pending} timers are left`)
    rig.checkPace()
  })
  options.before?.(server)
  if (options.start ?? true) rig.informer.start()
  return rig
}

/** A rig that follows: its requests are counted from here. */
export async function followingRig<T extends KubernetesObject = Pod, I extends string = never>(
  options: RigOptions<T, I> = {},
): Promise<Rig<T, I>> {
  const rig = await createRig<T, I>(options)
  await rig.following()
  rig.mark()
  return rig
}

/** It holds `web/a`, `web/b` and `web/c`, as its server does, and hears what happens next. */
export async function expectAlive(rig: Rig): Promise<void> {
  await rig.following()
  expect(rig.keys).toEqual(['web/a', 'web/b', 'web/c'])
  rig.server.create(pods, webPod('later'))
  rig.server.delete(pods, 'web/a')
  await rig.until(() => rig.keys.join() === 'web/b,web/c,web/later', 'the newest state')
}

/** A kubeconfig of no client-node: that takes half a second to load. */
export function kubeConfigOf({ url }: { readonly url: string }): KubeConfigLike {
  return {
    getCurrentCluster: () => ({ server: url }),
    getCurrentUser: () => null,
    applySecurityAuthentication: () => Promise.resolve(),
  }
}

/** Connections that are open in this process, both ends counted. */
export function openSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length
}

/** Pods of one namespace, by name. */
export function webPods(...names: readonly string[]): object[] {
  return names.map((name) => webPod(name))
}

export function webPod(name: string, options: Partial<PodOptions> = {}): ReturnType<typeof pod> {
  return pod({ namespace: 'web', ...options, name })
}

/** Sets a label: a change that is easy to see. */
export function label(server: TestApiServer, key: string, value: string): void {
  server.edit(pods, key, (draft) => {
    draft.metadata.labels = { ...draft.metadata.labels, app: value }
  })
}

/** `added web/a`, `updated web/a`, `deleted web/a (unseen)`. */
export function text<T>(delta: Delta<T>): string {
  const what = `${delta.type} ${delta.key}`
  if (delta.type === 'added' && delta.isInitialList) return `${what} (initial)`
  if (delta.type === 'updated' && delta.isResync) return `${what} (resync)`
  return delta.type === 'deleted' && !delta.finalStateKnown ? `${what} (unseen)` : what
}

/**
 * `LIST web rv=4 NotOlderThan limit=500 continue`, `WATCH rv=4`: with everything that is not as always. A list
 * of one item is a probe: `PROBE rv=4`; a watch with initial events `WATCH-LIST`.
 */
export function shown({ verb, path, query }: RecordedRequest): string {
  const { watch, resourceVersion, resourceVersionMatch, limit, allowWatchBookmarks, timeoutSeconds, ...rest } = query
  const namespace = /\/namespaces\/([^/]+)/.exec(path)?.[1]
  const isOrdinaryWatch = allowWatchBookmarks === 'true' && Number(timeoutSeconds) >= 300
  const { continue: token, pretty: _, sendInitialEvents, ...selectors } = rest
  const isProbe = verb === 'list' && limit === '1' && resourceVersionMatch === 'NotOlderThan'
  const isWatchList = sendInitialEvents === 'true' && resourceVersionMatch === 'NotOlderThan'
  return [
    isProbe ? 'PROBE' : isWatchList ? 'WATCH-LIST' : verb.toUpperCase(),
    namespace,
    resourceVersion !== undefined && `rv=${resourceVersion}`,
    !isProbe && !isWatchList && resourceVersionMatch,
    !isProbe && limit !== undefined && `limit=${limit}`,
    token !== undefined && 'continue',
    ...Object.entries(selectors).map(([name, value]) => `${name}=${value}`),
    watch === 'true' && !isOrdinaryWatch && 'without bookmarks or end',
  ]
    .filter((part) => typeof part === 'string')
    .join(' ')
}
