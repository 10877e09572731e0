import type { Clock } from '../internal/clock.ts'

interface Timer {
  at: number
  readonly host: Host | undefined
  readonly run: () => void
}

/**
 * True time, which nobody sees, and hosts that measure it each by a clock of its own. It goes from one
 * timer to the next, so a minute takes as long as what happens in it.
 */
export class SkewedWorld {
  now = 0
  readonly #random: () => number
  readonly #timers: Timer[] = []

  constructor(random: () => number) {
    this.#random = random
  }

  /** A host whose clock shows `offsetMs` at the beginning and then goes `rate` times as fast as time. */
  host(rate: number, offsetMs: number): Host {
    return new Host(this, rate, offsetMs)
  }

  /** Resolves after so many true milliseconds, to `host` if it is not stopped then. */
  after(ms: number, host?: Host): Promise<void> {
    return new Promise((resolve) => void this.set(ms, resolve, host))
  }

  set(ms: number, run: () => void, host?: Host): Disposable {
    const timer: Timer = { at: this.now + Math.max(0, ms), host, run }
    this.#timers.push(timer)
    return {
      [Symbol.dispose]: () => {
        const index = this.#timers.indexOf(timer)
        if (index !== -1) this.#timers.splice(index, 1)
      },
    }
  }

  /** Lets everything happen until then. Calls `look` whenever all that is due at a moment has happened. */
  async runUntil(end: number, look: () => void): Promise<void> {
    for (let timer = this.#next(); timer !== undefined && timer.at <= end; timer = this.#next()) {
      this.#timers.splice(this.#timers.indexOf(timer), 1)
      this.now = Math.max(this.now, timer.at)
      timer.run()
      await new Promise((resolve) => setImmediate(resolve))
      if ((this.#next()?.at ?? Infinity) > this.now) look()
    }
    this.now = end
  }

  /** The earliest one; of what waited while its host was stopped any, as sockets may come before timers. */
  #next(): Timer | undefined {
    for (const timer of this.#timers) timer.at = Math.max(timer.at, timer.host?.stoppedUntil ?? 0, this.now)
    const earliest = Math.min(...this.#timers.map(({ at }) => at))
    const due = this.#timers.filter(({ at }) => at === earliest)
    return due[Math.floor(this.#random() * due.length)]
  }
}

/** A process with a clock. */
export class Host implements Clock {
  /** Until then nothing of it runs, as after SIGSTOP. Its clock goes on. */
  stoppedUntil = 0
  readonly #world: SkewedWorld
  readonly #rate: number
  readonly #offsetMs: number

  constructor(world: SkewedWorld, rate: number, offsetMs: number) {
    this.#world = world
    this.#rate = rate
    this.#offsetMs = offsetMs
  }

  now(): number {
    return this.#offsetMs + this.#world.now * this.#rate
  }

  setTimeout(run: () => void, ms: number): Disposable {
    return this.#world.set(ms / this.#rate, run, this)
  }
}
