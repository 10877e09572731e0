import { type KeyRange, keyTree, valuesIn } from './key-tree.ts'

/** One version of one object: what a write left behind. */
export interface StoredVersion {
  readonly key: string
  /** In which `bytes` are: resources that share their objects write each in its own. */
  readonly apiVersion: string
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

export interface Range extends KeyRange {
  readonly revision: number
}

/** Versions that one resource remembers, at least; twice as many at most. A server without an end to its past would grow for ever. */
const HISTORY_LENGTH = 10_000

/**
 * The objects of one resource, in all its versions, with all their versions since the last compaction, as etcd holds them. A
 * state of the past costs no copy: it is read by leaving out what is newer.
 */
export class Collection {
  /** The newest version under each key, be it that of a deletion. */
  readonly #newest = keyTree<StoredVersion>()
  /** Every version newer than `#compacted`, in order of revision. */
  #history: StoredVersion[] = []
  #compacted: number

  constructor(revision: number) {
    this.#compacted = revision
  }

  /** States older than this are gone. */
  get compactedRevision(): number {
    return this.#compacted
  }

  get(key: string): StoredVersion | undefined {
    const newest = this.#newest.get(key)
    return newest?.isDeleted ? undefined : newest
  }

  put(version: StoredVersion): void {
    version.previous = this.#newest.get(version.key)
    this.#newest.set(version.key, version)
    this.#history.push(version)
    if (this.#history.length > 2 * HISTORY_LENGTH) {
      this.compact(this.#history[this.#history.length - HISTORY_LENGTH - 1]!.revision)
    }
  }

  /** The objects of a range as they were at a revision, in order of key. Later writes do not change the result. */
  read({ revision, ...range }: Range): StoredVersion[] {
    const versions: StoredVersion[] = []
    for (const newest of valuesIn(this.#newest, range)) {
      const version = newestAt(newest, revision)
      if (version !== undefined && !version.isDeleted) versions.push(version)
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
    for (const version of forgotten) {
      version.previous = undefined
      if (version.isDeleted && this.#newest.get(version.key) === version) this.#newest.delete(version.key)
    }
    this.#compacted = Math.max(this.#compacted, revision)
  }

  /** Takes back everything after a revision. */
  restore(revision: number): void {
    const kept = this.#history.findLastIndex((version) => version.revision <= revision) + 1
    for (const { key } of this.#history.splice(kept)) {
      const newest = this.#newest.get(key)
      const version = newest === undefined ? undefined : newestAt(newest, revision)
      if (version === undefined) this.#newest.delete(key)
      else this.#newest.set(key, version)
    }
  }
}

function newestAt(newest: StoredVersion, revision: number): StoredVersion | undefined {
  let version: StoredVersion | undefined = newest
  while (version !== undefined && version.revision > revision) version = version.previous
  return version
}
