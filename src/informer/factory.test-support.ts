import { onTestFinished, vi } from 'vitest'
import type { KubeflumeError } from '../api/errors.ts'
import { InformerFactory, type InformerFactoryOptions } from '../client.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { TestApiServer, type TestApiServerOptions } from '../testing/server.ts'
import { kubeConfigOf, shown } from './informer.test-support.ts'

/** Enough for any exchange over loopback; what takes longer is not coming. */
const MAX_TURNS = 400
/** What `Math.random` says here: a backoff is half of its ceiling. */
const RANDOM = 0.5

export type FactoryRigOptions = InformerFactoryOptions &
  Pick<TestApiServerOptions, 'objects' | 'crds'> & {
    /** @default true */
    readonly start?: boolean
  }

/** A server, a factory for it, and a clock for both. All of it ends with the test, and must leave no timer behind. */
export class FactoryRig {
  readonly clock: ManualClock
  readonly server: TestApiServer
  readonly factory: InformerFactory
  /** What the factory's `onError` has heard. */
  readonly errors: KubeflumeError[] = []

  constructor(server: TestApiServer, clock: ManualClock, options: FactoryRigOptions) {
    this.server = server
    this.clock = clock
    this.factory = new InformerFactory(kubeConfigOf(server), {
      onError: (error) => void this.errors.push(error),
      ...options,
      clock,
    })
  }

  /** `LIST pods`, `WATCH pods rv=2` … */
  get requests(): string[] {
    return this.server.requests.map((request) => {
      const [verb, ...rest] = shown(request).split(' ')
      return [verb, request.path.split('/').at(-1), ...rest].join(' ')
    })
  }

  get lists(): string[] {
    return this.requests.filter((request) => !request.startsWith('WATCH')).map((request) => request.split(' ')[1]!)
  }

  get watches(): string[] {
    return this.requests.filter((request) => request.startsWith('WATCH')).map((request) => request.split(' ')[1]!)
  }

  /** Lets code and sockets go on, not time, until it holds. */
  async until(holds: () => boolean, what: string = String(holds)): Promise<void> {
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      if (holds()) return
      await this.clock.advance(0)
    }
    throw new Error(`it never came to ${what}\n${this.requests.join('\n')}\n${this.errors.join('\n')}`)
  }

  /** Lets everything come that is on its way. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await this.clock.advance(0)
  }
}

export async function createFactoryRig(options: FactoryRigOptions = {}): Promise<FactoryRig> {
  const random = vi.spyOn(Math, 'random').mockReturnValue(RANDOM)
  const clock = new ManualClock()
  const { objects, crds, start = true, ...rest } = options
  const server = await TestApiServer.start({ clock, objects, crds, freshnessTimeoutMs: 0 })
  const rig = new FactoryRig(server, clock, rest)
  onTestFinished(async () => {
    await rig.factory.stop()
    await server.stop()
    random.mockRestore()
    if (clock.pending > 0) throw new Error(`${clock.pending} timers are left`)
  })
  if (start) rig.factory.start()
  return rig
}
