import type { KubernetesObject } from '../api/object.ts'
import { pause } from '../internal/pause.ts'
import { Backoff } from './backoff.ts'
import type { Memory } from './pause.ts'
import { ReflectorLists } from './reflector-lists.ts'
import { ReflectorObserver } from './reflector-observer.ts'
import type { ReflectorOptions } from './reflector-options.ts'
import { ReflectorWatches } from './reflector-watches.ts'
import { listing, type ReflectorState, type Waiting } from './state.ts'

/**
 * Keeps one scope of a store like its collection on the server: a list, then a watch from there, for
 * ever. It never stops on an error. What follows what is decided in `relist.ts` and `rewatch.ts`; it is done in
 * `reflector-lists.ts` and `reflector-watches.ts`.
 *
 *     listing -> watching -> watching -> …      a watch ends: the next one, from the last version seen
 *      |   ^       |   \-> probing -> watching  it had brought nothing: first a question
 *      |   \-------/                            410, or an event was lost
 *      \-> resuming -> watching                 the list was cut: the rest of it
 *
 * with a wait before any of them, when something failed.
 */
export class Reflector<T extends KubernetesObject> {
  readonly #options: ReflectorOptions<T>
  readonly #observer: ReflectorObserver
  readonly #memory: Memory
  readonly #lists: ReflectorLists<T>
  readonly #watches: ReflectorWatches<T>

  constructor(options: ReflectorOptions<T>) {
    const { progress, first, strategies, clock } = options
    const observer = new ReflectorObserver(options)
    const memory: Memory = {
      get lastSeen() {
        return progress.resourceVersion
      },
      first,
      strategies,
      backoff: new Backoff(clock),
    }
    const parts = { ...options, observer, memory }
    this.#options = options
    this.#observer = observer
    this.#memory = memory
    this.#watches = new ReflectorWatches(parts)
    this.#lists = new ReflectorLists(parts, this.#watches)
  }

  /** Runs until the signal aborts; then it resolves, with every request ended. */
  async run(signal: AbortSignal): Promise<void> {
    let state: ReflectorState = listing(this.#options.first)
    try {
      while (!signal.aborted) state = await this.#step(state, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.#lists.drop()
      this.#watches.end()
    }
  }

  #step(state: ReflectorState, signal: AbortSignal): Promise<ReflectorState> {
    switch (state.name) {
      case 'listing':
        return this.#inTurn(() => this.#lists.begin(state, signal), signal)
      case 'resuming':
        return this.#inTurn(() => this.#lists.resume(state, signal), signal)
      case 'watching':
        return this.#watches.follow(state, signal)
      case 'probing':
        return this.#watches.probe(state, signal)
      case 'waiting':
        return this.#wait(state, signal)
      default:
        return state satisfies never
    }
  }

  /** Of a first list each attempt has a place of the budget, from its request to its end: none is held over a backoff. */
  #inTurn(list: () => Promise<ReflectorState>, signal: AbortSignal): Promise<ReflectorState> {
    const { budget, progress } = this.#options
    if (budget === undefined || this.#memory.lastSeen !== undefined) return list()
    return budget.run(list, signal, () => progress.queued(budget.size))
  }

  async #wait(state: Waiting, signal: AbortSignal): Promise<ReflectorState> {
    const { clock, progress } = this.#options
    progress.waiting(state)
    this.#observer.backoff(state)
    await pause(clock, state.delayMs, signal)
    return state.next
  }
}
