import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { WireObject } from '../api/wire-object.ts'
import { Deadline } from '../internal/deadline.ts'
import { TimeSlice } from '../internal/time-slice.ts'
import type { Entry } from '../store/entry.ts'
import { ShardedMap } from '../store/sharded-map.ts'
import type { VerifyReport } from './informer.ts'
import { listPages } from './list-pages.ts'
import type { CollectionLister } from './list-watcher.ts'
import type { VerifyContext } from './verify.ts'

/** A LIST is held to a minute by the server; a minute and a half without a byte is a dead connection. */
const SILENCE_MS = 90_000

/**
 * What a scope of a store had at one moment, held against a list of that version. It costs a reference an
 * object while it lasts; of the list nothing is kept but what is wrong.
 */
export class Comparison<T extends KubernetesObject> implements Disposable {
  readonly #context: VerifyContext<T>
  readonly #resourceVersion: string
  /** At that moment, and not on the list so far. */
  readonly #unseen = new ShardedMap<Entry<T>>()
  readonly #noted: Entry<T>[]
  /** What is wrong: the entry that was there, if any, by key. */
  readonly #missing = new Set<string>()
  readonly #stale = new Map<string, Entry<T>>()
  /** Of what is wrong, the state that the server has, as far as it has come. */
  readonly #wires = new Map<string, WireObject<T>>()
  /** Keys of events that have been applied since. */
  readonly #touched = new Set<string>()
  readonly #listening: Disposable
  readonly #commits: number
  #listed = 0

  constructor(context: VerifyContext<T>) {
    const { store, follower } = context
    this.#context = context
    this.#commits = follower.commits
    this.#resourceVersion = follower.progress.resourceVersion!
    this.#noted = [...store.known(follower.namespace)]
    this.#listening = follower.onApplied((key) => this.#touched.add(key))
  }

  /** Lists, and compares. */
  async run(): Promise<void> {
    const slice = new TimeSlice()
    for (const entry of this.#noted.splice(0)) {
      this.#unseen.set(entry.key, entry)
      if (slice.isOver) await slice.turn()
    }
    const { listWatcher, content } = this.#context
    if (content) await this.#list(listWatcher, (wire) => this.#compare(wire, wire))
    else await this.#list(listWatcher.metadata, (wire) => this.#compare(wire, undefined))
  }

  get wrong(): number {
    return this.#missing.size + this.#stale.size + this.#unseen.size
  }

  /** What is wrong, as the server has it. */
  async listWrong(): Promise<ReadonlyMap<string, WireObject<T>>> {
    const count = this.#missing.size + this.#stale.size
    if (this.#wires.size < count) {
      await this.#list(this.#context.listWatcher, (wire) => {
        if (this.#missing.has(wire.key) || this.#stale.has(wire.key)) this.#wires.set(wire.key, wire)
      })
    }
    return this.#wires
  }

  get extra(): Iterable<Entry<T>> {
    return this.#unseen.values()
  }

  /** Whether a list has been put in place since, or another scope is followed: then nothing is known of what happened to a key. */
  get isReplaced(): boolean {
    const { follower } = this.#context
    return follower.isStopped || follower.commits !== this.#commits
  }

  /** Whether the key is as it was at that moment: no event has touched it since. */
  isUntouched(key: string): boolean {
    if (this.isReplaced) return false
    const entry = this.#stale.get(key) ?? this.#unseen.get(key)
    return !this.#touched.has(key) && this.#context.store.find(key) === entry
  }

  report(repaired: boolean): VerifyReport {
    const extra = [...this.#unseen.values()].map(({ key }) => key)
    return {
      resourceVersion: this.#resourceVersion,
      compared: this.#listed + extra.length,
      missing: [...this.#missing],
      extra,
      stale: [...this.#stale.keys()],
      repaired,
    }
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]()
  }

  #compare(item: WireObject, full: WireObject<T> | undefined): void {
    const { key } = item
    this.#listed++
    const entry = this.#unseen.get(key)
    this.#unseen.delete(key)
    if (entry === undefined) this.#missing.add(key)
    else if (!this.#isSame(entry, item, full)) this.#stale.set(key, entry)
    else return
    if (full !== undefined) this.#wires.set(key, full)
  }

  /** The content of what has been replaced since is not known any more, and does not matter. */
  #isSame(entry: Entry<T>, item: WireObject, full: WireObject<T> | undefined): boolean {
    if (entry.uid !== item.uid || entry.resourceVersion !== item.resourceVersion) return false
    const { store } = this.#context
    return full === undefined || store.find(item.key) !== entry || store.hasContent(entry, full)
  }

  async #list<U>(lister: CollectionLister<U>, onItem: (wire: WireObject<U>) => void): Promise<void> {
    const { clock, signal, follower } = this.#context
    using deadline = new Deadline(signal, clock, SILENCE_MS, silent)
    const query = { ...follower.selectors, resourceVersion: this.#resourceVersion, resourceVersionMatch: 'Exact' }
    const sink = {
      receive: (items: readonly WireObject<U>[]) => {
        deadline.progress()
        for (const item of items) onItem(item)
      },
    }
    try {
      await listPages(lister, query, sink, { signal: deadline.signal, resourceVersion: this.#resourceVersion })
    } catch (error) {
      deadline.end(error as Error) // whatever is left of the answer
      throw error
    }
  }
}

function silent(): KubeflumeError {
  const message = `a LIST got nothing for ${SILENCE_MS / 1000} s`
  return new KubeflumeError('ERR_SERVER_SILENT', message, { retryable: true })
}
