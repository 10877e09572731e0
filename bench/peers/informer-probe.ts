import { setTimeout as sleep } from 'node:timers/promises'
import { type Pauses, measurePauses } from './pauses.ts'
import type { PeerArguments } from './peer-arguments.ts'
import type { PeerSample } from './peer-sample.ts'
import { type PhaseProfile, profilePhase } from './phase-profile.ts'
import { forgetPeak, keptMemory, residentBytes } from './process-memory.ts'

/** So long at a time an application may read the store: then it lets the event loop turn. */
const SLICE_MS = 5
const PATIENCE_MS = 300_000
const GETS = 1_000_000

/** Of a pod its containers are counted, of others nothing. */
interface ProbedObject {
  readonly metadata?: unknown
  readonly spec?: { readonly containers?: readonly unknown[] }
}

/** What is asked of an informer: kubeflume's has it, others are fitted to it. */
export interface ProbedInformer {
  subscribe(hear: (delta: { readonly object: ProbedObject }) => void, options: { readonly maxPending: number }): unknown
  start(): unknown
  synced(options: { readonly timeoutMs: number }): Promise<unknown>
  readonly store: {
    readonly size: number
    readonly resourceVersion: string | undefined
    iterate(): Iterable<ProbedObject>
    keys(): Iterable<string>
    get(key: string): unknown
  }
}

/** Does one thing after the other with an informer that has one subscriber, and takes down what it cost. */
export class InformerProbe {
  readonly #informer: ProbedInformer
  readonly #url: string
  readonly #figures: Record<string, number> = {}
  readonly #pauses: Record<string, Pauses> = {}
  readonly #profiles: Record<string, PhaseProfile> = {}
  readonly #isProfiled: boolean
  #startedAt = 0
  #firstAt = 0
  #told = 0
  #reads = false
  #containers = 0

  constructor(informer: ProbedInformer, { url, profile }: { readonly url: string; readonly profile: boolean }) {
    this.#informer = informer
    this.#url = url
    this.#isProfiled = profile
    // one delta for each event, as client-go's handlers get them: nothing is coalesced
    informer.subscribe((delta) => this.#hear(delta), { maxPending: Number.MAX_SAFE_INTEGER })
  }

  /** Syncs, then does the steps in the order given. */
  async run({ steps, settleMs, relistVersion, events }: PeerArguments): Promise<void> {
    await this.sync()
    for (const step of steps) {
      if (step === 'decode') await this.decodeAll()
      if (step === 'memory') await this.memory(settleMs)
      if (step === 'relist') await this.relist(relistVersion)
      if (step === 'events' || step === 'read-events') await this.events(events, step === 'read-events')
      if (step === 'get') await this.get()
    }
  }

  get sample(): PeerSample {
    return { figures: this.#figures, pauses: this.#pauses, ...(this.#isProfiled ? { profiles: this.#profiles } : {}) }
  }

  async sync(): Promise<void> {
    const figures = this.#figures
    Object.assign(figures, prefixed('before', await keptMemory()), { beforeRssBytes: residentBytes('now') })
    const cpu = process.cpuUsage()
    await this.#phase('sync', async () => {
      this.#startedAt = performance.now()
      this.#informer.start()
      await this.#informer.synced({ timeoutMs: PATIENCE_MS })
      figures['syncedMs'] = this.#sinceStart()
    })
    await this.#phase('tell', () => until(() => this.#told >= this.#informer.store.size))
    const { user, system } = process.cpuUsage(cpu)
    Object.assign(figures, {
      firstObjectMs: this.#firstAt - this.#startedAt,
      toldMs: this.#sinceStart(),
      objects: this.#informer.store.size,
      cpuMs: (user + system) / 1000,
      systemCpuMs: system / 1000,
      peakRssBytes: residentBytes('peak'),
    })
  }

  async decodeAll(): Promise<void> {
    const cpu = process.cpuUsage()
    await this.#phase('decode', async () => {
      let sliceEnd = performance.now() + SLICE_MS
      for (const object of this.#informer.store.iterate()) {
        this.#containers += object.spec?.containers?.length ?? 0
        if (performance.now() < sliceEnd) continue
        await new Promise((resolve) => setImmediate(resolve))
        sliceEnd = performance.now() + SLICE_MS
      }
      this.#figures['decodedMs'] = this.#sinceStart()
    })
    const { user, system } = process.cpuUsage(cpu)
    Object.assign(this.#figures, { containers: this.#containers, decodeCpuMs: (user + system) / 1000 })
  }

  async memory(settleMs: number): Promise<void> {
    await this.#phase('settle', () => sleep(settleMs))
    const kept = await keptMemory()
    Object.assign(this.#figures, prefixed('kept', kept), { rssBytes: residentBytes('now') })
  }

  async relist(version: string): Promise<void> {
    await this.#command('nothing') // Node loads fetch at its first call, which is not what is measured
    await keptMemory()
    const steady = residentBytes('now')
    forgetPeak()
    await this.#phase('relist', async () => {
      const startedAt = performance.now()
      await this.#command('relist')
      await until(() => this.#informer.store.resourceVersion === version)
      this.#figures['relistMs'] = performance.now() - startedAt
      await sleep(200) // sweeping and telling go on after the commit
    })
    Object.assign(this.#figures, { relistSteadyRssBytes: steady, relistPeakRssBytes: residentBytes('peak') })
  }

  /** @param reads whether the subscriber reads, and so decodes, the object of each delta */
  async events(count: number, reads: boolean): Promise<void> {
    this.#reads = reads
    await this.#command('nothing')
    const wanted = this.#told + count
    await this.#phase('events', async () => {
      const cpu = process.cpuUsage()
      const startedAt = performance.now()
      await this.#command('events')
      await until(() => this.#told >= wanted)
      const { user, system } = process.cpuUsage(cpu)
      this.#figures['eventsMs'] = performance.now() - startedAt
      this.#figures['events'] = count
      this.#figures['eventsCpuMs'] = (user + system) / 1000
    })
    this.#figures['eventsPeakRssBytes'] = residentBytes('peak')
  }

  async get(): Promise<void> {
    const { store } = this.#informer
    const keys = [...store.keys()]
    this.#figures['getColdUs'] = timed(() => keys.forEach((key) => store.get(key))) / keys.length
    const [hot] = keys
    store.get(hot!)
    this.#figures['getHotUs'] =
      timed(() => {
        for (let i = 0; i < GETS; i++) store.get(hot!)
      }) / GETS
    await sleep(0)
  }

  async #phase(name: string, run: () => Promise<unknown>): Promise<void> {
    const profile = this.#isProfiled ? await profilePhase() : undefined
    const pauses = measurePauses()
    await run()
    this.#pauses[name] = await pauses()
    if (profile !== undefined) this.#profiles[name] = await profile()
  }

  #hear(delta: { readonly object: ProbedObject }): void {
    if (this.#told++ === 0) this.#firstAt = performance.now()
    if (this.#reads) this.#containers += delta.object.spec?.containers?.length ?? 0
  }

  #sinceStart(): number {
    return performance.now() - this.#startedAt
  }

  async #command(name: string): Promise<void> {
    await fetch(`${this.#url}/bench/${name}`, { method: 'POST' })
  }
}

/** Microseconds. */
function timed(run: () => void): number {
  const startedAt = performance.now()
  run()
  return (performance.now() - startedAt) * 1000
}

async function until(done: () => boolean): Promise<void> {
  for (const startedAt = performance.now(); !done(); await sleep(1)) {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`not done after ${PATIENCE_MS} ms`)
  }
}

function prefixed(prefix: string, figures: object): Record<string, number> {
  const entries = Object.entries(figures) as [string, number][]
  return Object.fromEntries(entries.map(([name, value]) => [prefix + name[0]!.toUpperCase() + name.slice(1), value]))
}
