import type { ServedResource } from '../catalog/registry.ts'
import { Replica, type ReplicaOptions } from './replica.ts'
import type { WatchCache } from './watch-cache.ts'

/** Which caches fall behind: those of one replica or of all, of one resource or of all. */
export interface CacheChoice {
  readonly served?: ServedResource | undefined
  /** Its number, from 0. */
  readonly replica?: number | undefined
}

interface Delay {
  readonly choice: CacheChoice
  readonly ms: number
}

/**
 * The server processes behind one URL: one, unless a test wants more. Reads go to them in turn; a watch
 * stays with the one that it was opened on. Writes go to the storage, which they all share.
 */
export class Replicas {
  readonly #options: ReplicaOptions
  #replicas: readonly Replica[]
  #turn = 0
  #isUnheard = false
  #isStopped = false
  #delays: Delay[] = []
  readonly #timers = new Set<Disposable>()

  constructor(options: ReplicaOptions) {
    this.#options = options
    this.#replicas = [new Replica(options)]
    options.storage.onWrite((version, served) => {
      for (const replica of this.#replicas) replica.receive(version, served, this.#isUnheard)
      for (const delay of this.#delays) this.#catchUpLater(delay, version.revision)
    })
    options.storage.onCompact((revision) => {
      for (const replica of this.#replicas) replica.compact(revision)
    })
  }

  /** The one that answers the next read; what has fallen due is done before. */
  next(): Replica {
    this.#options.storage.compactIfDue()
    const replica = this.#replicas[this.#turn++ % this.#replicas.length]!
    replica.checkIfDue()
    return replica
  }

  /** So many from now on. New ones have seen what the first has; watches of those that go are ended. */
  resize(count: number): void {
    const [first] = this.#replicas as readonly [Replica]
    for (const replica of this.#replicas.slice(count)) replica.retire()
    const missing = Math.max(count - this.#replicas.length, 0)
    const added = Array.from({ length: missing }, () => new Replica(this.#options, { copyOf: first }))
    this.#replicas = [...this.#replicas.slice(0, count), ...added]
    this.#turn = 0
  }

  /** New processes in their place, which know the present state and nothing of the past. */
  restart({
    replica,
    initializingMs,
  }: { replica?: number | undefined; initializingMs?: number | undefined } = {}): void {
    this.#replicas = this.#replicas.map((old, index) => {
      if (replica !== undefined && replica !== index) return old
      old.retire()
      return new Replica(this.#options, { initializingMs })
    })
    if (replica === undefined) this.#forgetDelayed()
    for (const { choice } of this.#delays) this.#each(choice, (each) => each.fallBehind(choice.served))
  }

  /** One, as it should be. */
  recover(): void {
    this.resize(1)
    this.catchUp()
    for (const replica of this.#replicas) replica.becomeReady()
  }

  caches({ served, replica }: CacheChoice & { readonly served: ServedResource }): WatchCache[] {
    const chosen = this.#replicas.filter((_, index) => replica === undefined || replica === index)
    return chosen.map((each) => each.cache(served))
  }

  /** A version of a resource is no more: watches end. After the last one the resource begins anew, should it come again. */
  withdraw(served: ServedResource, isLast: boolean): void {
    for (const replica of this.#replicas) replica.withdraw(served, isLast)
  }

  /** Forgets every event and snapshot; watches that are open go on. */
  forget(): void {
    for (const replica of this.#replicas) replica.forget()
  }

  /** The caches learn nothing from now on; with `ms`, they learn everything so much later. */
  fallBehind(choice: CacheChoice, ms: number | undefined): void {
    this.#each(choice, (replica) => replica.fallBehind(choice.served))
    if (ms !== undefined && !this.#isStopped) this.#delays.push({ choice, ms })
  }

  catchUp(choice: CacheChoice = {}): void {
    this.#delays = this.#delays.filter(({ choice: other }) => !isWithin(other, choice))
    this.#each(choice, (replica) => replica.catchUp(choice.served))
  }

  /** What is written while it runs is hidden from the caches. */
  unheard<T>(write: () => T): T {
    this.#isUnheard = true
    try {
      return write()
    } finally {
      this.#isUnheard = false
    }
  }

  stop(): void {
    this.#isStopped = true
    for (const replica of this.#replicas) replica.stop()
    this.#delays = []
    this.#forgetDelayed()
  }

  #each({ replica }: CacheChoice, act: (replica: Replica) => void): void {
    for (const [index, each] of this.#replicas.entries()) if (replica === undefined || replica === index) act(each)
  }

  /** Nobody is left who has to learn of what was written so far. */
  #forgetDelayed(): void {
    for (const timer of this.#timers) timer[Symbol.dispose]()
    this.#timers.clear()
  }

  #catchUpLater({ choice, ms }: Delay, revision: number): void {
    const timer = this.#options.clock.setTimeout(() => {
      this.#timers.delete(timer)
      this.#each(choice, (replica) => replica.catchUp(choice.served, revision))
    }, ms)
    this.#timers.add(timer)
  }
}

function isWithin(inner: CacheChoice, outer: CacheChoice): boolean {
  return (
    (outer.served === undefined || outer.served === inner.served) &&
    (outer.replica === undefined || outer.replica === inner.replica)
  )
}
