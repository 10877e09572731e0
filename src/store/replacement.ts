import type { KubernetesObject } from '../api/object.ts'
import { isOlder } from '../api/resource-version.ts'
import type { WireObject } from '../api/wire-object.ts'
import { TimeSlice } from '../internal/time-slice.ts'
import type { Change } from './change.ts'
import type { Entry } from './entry.ts'
import { EntryTable } from './entry-table.ts'
import type { ObjectStore } from './object-store.ts'
import type { Overlay } from './overlays.ts'

export interface ReplacementOptions {
  /** Whose objects are replaced; undefined: all. */
  readonly namespace: string | undefined
  readonly isInitialList: boolean
  /**
   * Whether uid and resourceVersion say that an object is unchanged. They do for what kube-apiserver
   * stores; a custom resource can change without them (a new conversion, another served version), and
   * what an aggregated API does is its own affair, so there the bytes must be equal too.
   */
  readonly trustsVersions: boolean
  readonly onDuplicate: (key: string) => void
  /** Objects that are not staged were not deleted: the view has become smaller, and their last state is known. */
  readonly leavesView?: boolean | undefined
}

/** What a step does to most objects of a relist. */
const NONE: readonly never[] = []

/** No two have the same, of whatever store. */
let lastId = 0

/**
 * A new state for one scope, put together while its list arrives and committed at its verified end.
 * Until then readers see the old state, and a list that breaks off has changed nothing. An object
 * that the store already has is only marked as seen: a relist costs memory for what has changed.
 *
 * It ends with `commit` or `abandon`. No event of its scope may be applied from the first item until then.
 */
export class Replacement<T extends KubernetesObject> implements Overlay<T> {
  readonly namespace: string | undefined
  readonly id: number = ++lastId
  readonly staged: EntryTable<T>
  readonly #store: ObjectStore<T>
  readonly #options: ReplacementOptions
  #marked = 0
  #markedVisible = 0
  #isOver = false

  constructor(store: ObjectStore<T>, options: ReplacementOptions) {
    this.#store = store
    this.#options = options
    this.namespace = options.namespace
    this.staged = new EntryTable(store.indexer)
  }

  /** Items so far. */
  get size(): number {
    return this.staged.size + this.#marked
  }

  get visible(): number {
    return this.staged.countVisible(undefined) + this.#markedVisible
  }

  /** Takes an item. A key that was there already is told, and the newer of the two versions counts. */
  stage(wire: WireObject<T>): void {
    const before = this.#has(wire.key)
    if (before !== undefined) this.#options.onDuplicate(wire.key)
    this.#put(wire, before)
  }

  /** Takes a newer state of an item that may be there already, as a watch-list brings it: nothing is told of that. */
  restage(wire: WireObject<T>): void {
    this.#put(wire, this.#has(wire.key))
  }

  #put(wire: WireObject<T>, before: Entry<T> | undefined): void {
    if (before !== undefined) {
      if (isOlder(wire.resourceVersion, before.resourceVersion)) return
      this.#takeBack(before)
    }
    const known = this.#store.find(wire.key)
    const same = known?.isVersion(wire) ? known : undefined
    if (same !== undefined && (this.#options.trustsVersions || hasSameBytes(same, wire))) {
      this.#mark(same)
      return
    }
    const entry = this.#store.prepare(wire)
    if (same !== undefined && entry.keepsSameAs(same)) this.#mark(same)
    else this.#stage(entry)
  }

  /** Takes back an item that a watch-list has brought, and then deleted. */
  unstage(wire: WireObject<T>): void {
    const before = this.#has(wire.key)
    if (before !== undefined) this.#takeBack(before)
  }

  /** Gives it up: what was staged is let go, and the store is as it was. After `commit` it does nothing. */
  abandon(): void {
    if (this.#isOver) return
    this.#isOver = true
    void this.#letGo()
  }

  /**
   * Puts the staged state in place: readers see it when this returns. What it did is told in slices that
   * leave the event loop free; the promise resolves when all of it has been told, or the store has ended.
   */
  commit(): Promise<void> {
    this.#isOver = true
    if (this.#store.adopt(this)) return this.#settle(this.#reveal())
    this.#store.publish(this)
    return this.#settle(this.#changes())
  }

  /** Makes the store's own state what readers see already, and tells it, deletes first. */
  async #settle(steps: Iterable<readonly Change<T>[]>): Promise<void> {
    const store = this.#store
    const slice = new TimeSlice()
    let changes: Change<T>[] = []
    for (const some of steps) {
      if (some.length > 0) changes.push(...some)
      if (!slice.isOver) continue
      store.tell(changes)
      changes = []
      await slice.turn()
      if (store.isEnded) return
    }
    store.withdraw(this)
    store.tell(changes)
  }

  /** Changes the store, one object a step. */
  *#changes(): Generator<readonly Change<T>[]> {
    const { leavesView = false } = this.#options
    for (const entry of this.#store.own(this.namespace)) {
      const isKept = entry.seenBy === this.id || this.staged.get(entry.key) !== undefined
      yield isKept ? NONE : this.#store.removeEntry(entry, leavesView)
    }
    for (const entry of this.staged.select({})) yield this.#store.replaceEntry(entry, this.#options)
  }

  /** Tells what was adopted, one object a step, and makes the indexes that were added meanwhile. */
  *#reveal(): Generator<readonly Change<T>[]> {
    for (const entry of this.staged.select({})) yield this.#store.revealEntry(entry, this.#options)
    while (!this.staged.buildIndexes()) yield NONE
  }

  async #letGo(): Promise<void> {
    const slice = new TimeSlice()
    for (const entry of this.staged.select({})) {
      this.#store.discard(entry)
      if (slice.isOver) await slice.turn()
    }
  }

  /** The item that is there so far. */
  #has(key: string): Entry<T> | undefined {
    const staged = this.staged.get(key)
    if (staged !== undefined || this.#marked === 0) return staged
    const known = this.#store.find(key)
    return known?.seenBy === this.id ? known : undefined
  }

  #mark(entry: Entry<T>): void {
    entry.seenBy = this.id
    this.#marked++
    if (entry.isVisible) this.#markedVisible++
  }

  #takeBack(entry: Entry<T>): void {
    if (this.staged.get(entry.key) === entry) {
      this.staged.remove(entry)
      this.#store.discard(entry)
      return
    }
    entry.seenBy = 0
    this.#marked--
    if (entry.isVisible) this.#markedVisible--
  }

  #stage(entry: Entry<T>): void {
    this.#store.keep(entry)
    entry.seenBy = this.id
    this.staged.insert(entry)
  }
}

function hasSameBytes<T>({ bytes }: Entry<T>, wire: WireObject<T>): boolean {
  return bytes !== undefined && Buffer.compare(bytes, wire.bytes) === 0
}
