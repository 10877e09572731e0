import { type Profiler, Session } from 'node:inspector/promises'

/** Where time went, the most first. */
export interface HotSpot {
  readonly where: string
  readonly ms: number
}

export interface Window {
  /** Since the phase began. */
  readonly startMs: number
  readonly ms: number
  /** In the function itself. */
  readonly self: readonly HotSpot[]
  /** In the function and what it called. */
  readonly inclusive: readonly HotSpot[]
}

/** What a phase did with its time, and with the times in which the event loop stood still. */
export interface PhaseProfile extends Window {
  readonly stalls: readonly Window[]
}

const SAMPLING_US = 250
/** Shorter ones are not looked at. */
const STALL_US = 9000
const STALLS_KEPT = 5
const SPOTS_KEPT = 20

interface Span {
  readonly from: number
  readonly to: number
}

/** Profiles this thread until the returned function is called. The profiler itself costs some of the time. */
export async function profilePhase(): Promise<() => Promise<PhaseProfile>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_US })
  await session.post('Profiler.start')
  const from = nowUs()
  const stalls: Span[] = []
  let last = from
  const note = (): void => {
    const now = nowUs()
    if (now - last > STALL_US) stalls.push({ from: last, to: now })
    last = now
  }
  const timer = setInterval(note, 1)
  return async () => {
    clearInterval(timer)
    note()
    const to = nowUs()
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    const samples = new ProfileSamples(profile)
    const longest = stalls.toSorted((a, b) => b.to - b.from - (a.to - a.from)).slice(0, STALLS_KEPT)
    return { ...samples.window({ from, to }, from), stalls: longest.map((span) => samples.window(span, from)) }
  }
}

/** Microseconds by the clock that V8's profiler goes by. */
function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

/** A profile as one can ask it about a span of time. */
class ProfileSamples {
  readonly #profile: Profiler.Profile
  readonly #names = new Map<number, string>()
  readonly #parents = new Map<number, number>()

  constructor(profile: Profiler.Profile) {
    this.#profile = profile
    for (const { id, callFrame, children } of profile.nodes) {
      const file = callFrame.url.split('/').slice(-2).join('/')
      this.#names.set(id, `${callFrame.functionName || '(anonymous)'} ${file}:${callFrame.lineNumber + 1}`)
      for (const child of children ?? []) this.#parents.set(child, id)
    }
  }

  window({ from, to }: Span, origin: number): Window {
    const self = new Map<string, number>()
    const inclusive = new Map<string, number>()
    const { samples = [], timeDeltas = [], startTime } = this.#profile
    let at = startTime
    samples.forEach((id, index) => {
      at += timeDeltas[index]!
      const lasted = Math.min(at + (timeDeltas[index + 1] ?? 0), to) - Math.max(at, from)
      if (lasted <= 0) return
      add(self, this.#names.get(id)!, lasted)
      for (const name of this.#stack(id)) add(inclusive, name, lasted)
    })
    return {
      startMs: (from - origin) / 1000,
      ms: (to - from) / 1000,
      self: hottest(self),
      inclusive: hottest(inclusive),
    }
  }

  /** Each function once, though it called itself. */
  #stack(id: number): Set<string> {
    const names = new Set<string>()
    for (let at: number | undefined = id; at !== undefined; at = this.#parents.get(at)) names.add(this.#names.get(at)!)
    return names
  }
}

function add(times: Map<string, number>, name: string, us: number): void {
  times.set(name, (times.get(name) ?? 0) + us)
}

function hottest(times: ReadonlyMap<string, number>): HotSpot[] {
  return Array.from(times, ([where, us]) => ({ where, ms: us / 1000 }))
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, SPOTS_KEPT)
}
