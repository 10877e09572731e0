import type { ServedResource } from '../catalog/registry.ts'

/** One version of one object: what a write left behind. */
export interface StoredVersion {
  readonly key: string
  readonly namespace: string | undefined
  readonly name: string
  readonly uid: string
  readonly revision: number
  readonly labels: { readonly [label: string]: string }
  /** The values that field selectors can ask for, beyond name and namespace. */
  readonly fields: { readonly [path: string]: string }
  /** With `kind` and `apiVersion`. Of a deletion: the last state, with the version of the deletion. */
  readonly bytes: Buffer
  readonly isDeleted: boolean
  /** The version before, as long as the history reaches there. */
  previous: StoredVersion | undefined
}

interface Entry {
  readonly key: string
  newest: StoredVersion
}

export interface Range {
  /** The start of every key: `namespace/`, or nothing. */
  readonly prefix: string
  /** Where to begin, inclusive. @default the prefix */
  readonly from?: string | undefined
  readonly revision: number
}

/** Versions that one resource remembers, at least; twice as many at most. */
const HISTORY_LENGTH = 10_000

/** So many changes of the order are made one by one; for more it is cheaper to go through all entries. */
const FEW = 500

/**
 * The objects of one resource with all their versions since the last compaction, as etcd holds them. A
 * state of the past costs no copy: it is read by leaving out what is newer.
 */
export class Collection {
  readonly served: ServedResource
  readonly #entries = new Map<string, Entry>()
  /** By key: all entries but those of `#added`. */
  #order: Entry[] = []
  /** Entries that await their place until the next read, so that seeding sorts once. */
  #added: Entry[] = []
  /** Every version newer than `#compacted`, in order of revision. */
  #history: StoredVersion[] = []
  #compacted: number
  #eventsFrom: number

  constructor(served: ServedResource, revision: number) {
    this.served = served
    this.#compacted = revision
    this.#eventsFrom = revision
  }

  /** States older than this are gone: etcd's compaction. */
  get compactedRevision(): number {
    return this.#compacted
  }

  /** Watches and snapshots reach back to here: the event history of the watch cache, which a restart empties. */
  get oldestWatchable(): number {
    return Math.max(this.#compacted, this.#eventsFrom)
  }

  get(key: string): StoredVersion | undefined {
    const newest = this.#entries.get(key)?.newest
    return newest?.isDeleted ? undefined : newest
  }

  put(version: StoredVersion): void {
    const entry = this.#entries.get(version.key)
    if (entry === undefined) {
      this.#insert({ key: version.key, newest: version })
    } else {
      version.previous = entry.newest
      entry.newest = version
    }
    this.#history.push(version)
    if (this.#history.length > 2 * HISTORY_LENGTH) {
      this.compact(this.#history[this.#history.length - HISTORY_LENGTH - 1]!.revision)
    }
  }

  /** The objects of a range as they were at a revision, in order of key. Later writes do not change the result. */
  read({ prefix, from = prefix, revision }: Range): StoredVersion[] {
    this.#putInOrder()
    const versions: StoredVersion[] = []
    for (let index = this.#indexOf(from); index < this.#order.length; index++) {
      const entry = this.#order[index]!
      if (!entry.key.startsWith(prefix)) break
      const version = versionAt(entry, revision)
      if (version !== undefined) versions.push(version)
    }
    return versions
  }

  /** What was written after a revision, in order. */
  since(revision: number): StoredVersion[] {
    const first = this.#history.findLastIndex((version) => version.revision <= revision)
    return this.#history.slice(first + 1)
  }

  compact(revision: number): void {
    const kept = this.#history.findIndex((version) => version.revision > revision)
    const forgotten = this.#history.splice(0, kept === -1 ? this.#history.length : kept)
    for (const version of forgotten) version.previous = undefined
    const gone = forgotten.filter((version) => version.isDeleted && this.#entries.get(version.key)?.newest === version)
    this.#drop(gone.map(({ key }) => key))
    this.#compacted = Math.max(this.#compacted, revision)
  }

  forgetEvents(revision: number): void {
    this.#eventsFrom = revision
  }

  /** Takes back everything after a revision, and the memory of events with it. */
  restore(revision: number): void {
    const gone: string[] = []
    for (const entry of this.#entries.values()) {
      const version = newestAt(entry, revision)
      if (version === undefined) gone.push(entry.key)
      else entry.newest = version
    }
    this.#drop(gone)
    this.#history = this.#history.filter((version) => version.revision <= revision)
    this.#eventsFrom = revision
  }

  #insert(entry: Entry): void {
    this.#entries.set(entry.key, entry)
    this.#added.push(entry)
  }

  #drop(keys: readonly string[]): void {
    this.#putInOrder()
    for (const key of keys) this.#entries.delete(key)
    if (keys.length > FEW) this.#order = this.#order.filter(({ key }) => this.#entries.has(key))
    else for (const key of keys) this.#order.splice(this.#indexOf(key), 1)
  }

  #putInOrder(): void {
    if (this.#added.length > FEW) {
      this.#order = [...this.#order, ...this.#added].sort((a, b) => (a.key < b.key ? -1 : 1))
    } else {
      for (const entry of this.#added) this.#order.splice(this.#indexOf(entry.key), 0, entry)
    }
    this.#added = []
  }

  /** Where `key` is, or would be. */
  #indexOf(key: string): number {
    let low = 0
    let high = this.#order.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#order[middle]!.key < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

function newestAt({ newest }: Entry, revision: number): StoredVersion | undefined {
  let version: StoredVersion | undefined = newest
  while (version !== undefined && version.revision > revision) version = version.previous
  return version
}

function versionAt(entry: Entry, revision: number): StoredVersion | undefined {
  const version = newestAt(entry, revision)
  return version?.isDeleted ? undefined : version
}
