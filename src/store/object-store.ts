import type { Compressor } from '../api/compressor.ts'
import type { KubeflumeError } from '../api/errors.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { WireCodec } from '../api/wire-codec.ts'
import type { WireObject } from '../api/wire-object.ts'
import { isDeepEqual } from '../internal/deep-equal.ts'
import { TimeSlice } from '../internal/time-slice.ts'
import { ByteStore } from './byte-store.ts'
import type { Change } from './change.ts'
import type { Entry, EntryHost } from './entry.ts'
import { EntryTable, type Selection } from './entry-table.ts'
import { HotObjects } from './hot-objects.ts'
import type { IndexDefinition } from './index-definition.ts'
import { Indexer } from './indexer.ts'
import { Ingest, type IngestOptions } from './ingest.ts'
import { type Overlay, Overlays } from './overlays.ts'
import { Quarantine } from './quarantine.ts'
import { Replacement } from './replacement.ts'

export interface ObjectStoreOptions<T> extends IngestOptions<T> {
  readonly codec: WireCodec
  /** What `retain: 'compressed'` needs. */
  readonly compressor?: Compressor | undefined
  /** Decoded objects are kept in up to this many bytes, for who reads them again. @default 64 MiB */
  readonly hotBytes?: number | undefined
  /** Hears of each object that cannot be read, once for each of its versions. */
  readonly onQuarantine: (key: string, error: KubeflumeError, resourceVersion: string) => void
  /** Hears of what each write did, in order, after readers see it. */
  readonly onChanges: (changes: readonly Change<T>[]) => void
}

/** The objects of one informer, by key. A write is done, and told, when its method returns; only a replacement takes its time to tell. */
export class ObjectStore<T extends KubernetesObject> implements EntryHost<T> {
  readonly codec: WireCodec
  readonly hot: HotObjects
  readonly indexer: Indexer<T>
  readonly #options: ObjectStoreOptions<T>
  readonly #ingest: Ingest<T>
  readonly #bytes: ByteStore
  /** Those outside the view too: known, so that a relist does not decode them again. */
  #table: EntryTable<T>
  readonly #overlays = new Overlays<T>()
  /** What the entries are marked with that are in place and have not been told yet. */
  #untold = NaN
  readonly #quarantine = new Quarantine<T>()
  #isEnded = false

  constructor(options: ObjectStoreOptions<T>) {
    this.#options = options
    this.codec = options.codec
    this.hot = new HotObjects(options.hotBytes)
    this.indexer = new Indexer(options.indexes)
    this.#ingest = new Ingest<T>(options, this, this.indexer)
    this.#bytes = new ByteStore(options.retain === 'compressed' ? options.compressor : undefined)
    this.#table = new EntryTable(this.indexer)
  }

  get size(): number {
    let size = this.#table.countVisible(undefined)
    for (const { namespace, visible } of this.#overlays) size += visible - this.#table.countVisible(namespace)
    return size
  }

  /** What the bytes of the objects take in memory, with the room that is kept for more. */
  get storedBytes(): number {
    return this.#bytes.size
  }

  /** The objects that cannot be read, as far as anyone has tried. */
  get quarantined(): InformerStatus['quarantined'] {
    if (this.#overlays.isEmpty) return this.#quarantine.listed
    return this.#quarantine.listedWhere((entry) => this.find(entry.key) === entry)
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  get(key: string): Entry<T> | undefined {
    const entry = this.find(key)
    return entry?.isVisible ? entry : undefined
  }

  /** What is known under a key, inside the view or not. */
  find(key: string): Entry<T> | undefined {
    const entry = this.#table.get(key)
    const overlay = this.#overlays.of(key)
    if (overlay === undefined) return entry
    return overlay.staged.get(key) ?? (entry?.seenBy === overlay.id ? entry : undefined)
  }

  /** The objects in the view for which all conditions hold. Goes on over changes that are made meanwhile. */
  *select(selection: Selection): IterableIterator<Entry<T>> {
    for (const entry of this.#select(selection)) if (entry.isVisible) yield entry
  }

  /** The same at once, to be gone over later. */
  selected(selection: Selection): Entry<T>[] {
    return this.#overlays.isEmpty ? this.#table.visibleOf(selection) : [...this.select(selection)]
  }

  /** So that what is compressed together is read together. */
  inOrderOfBytes(entries: Entry<T>[]): Entry<T>[] {
    if (this.#options.retain !== 'compressed') return entries
    const byPlace = Map.groupBy(entries, ({ place }) => place)
    return [...byPlace.values()].flat()
  }

  /** Everything that is known of one namespace, or of all, inside the view or not. */
  known(namespace: string | undefined): IterableIterator<Entry<T>> {
    return this.#select({ namespace })
  }

  /** What has been told: where a subscriber begins who hears everything that is told from now on. */
  told(): Entry<T>[] {
    const entries = this.#table.visibleOf({})
    return Number.isNaN(this.#untold) ? entries : entries.filter((entry) => this.#isTold(entry))
  }

  /**
   * Adds an index. It is made in slices; who asks it before that is done waits for the rest.
   *
   * @throws {KubeflumeError} `ERR_INDEX` for a name that is taken, `ERR_OPTION` for a path that is none
   */
  async addIndex(name: string, definition: IndexDefinition<T>): Promise<void> {
    this.indexer.add(name, definition)
    const slice = new TimeSlice()
    for (const _ of this.#buildIndexes()) {
      if (slice.isOver) await slice.turn()
      if (this.#isEnded) return
    }
  }

  /** First reads the values where the bytes are, neighbours together, then puts them in order. */
  *#buildIndexes(): Generator<void> {
    for (const resident of this.#bytes) yield void this.indexer.complete(resident as Entry<T>)
    while (!this.#table.buildIndexes()) yield
  }

  /** Applies an ADDED or MODIFIED. The same version again changes nothing. */
  put(wire: WireObject<T>): void {
    if (!this.#table.get(wire.key)?.isVersion(wire)) this.mend(wire)
  }

  /** Puts an object in place whatever is there, and tells it. */
  mend(wire: WireObject<T>): void {
    const known = this.#table.get(wire.key)
    const entry = this.prepare(wire)
    this.keep(entry)
    if (known !== undefined && known.seenBy !== this.#untold) entry.seenBy = known.seenBy
    this.tell(this.replaceEntry(entry, { isInitialList: false }))
  }

  /** Applies a DELETED, whose object is the last state. What is not known was deleted before. */
  delete(wire: WireObject<T>): void {
    const known = this.#table.get(wire.key)
    if (known === undefined) return
    this.remove(known)
    if (this.#isTold(known)) this.tell([this.#deletion(wire, known)])
  }

  /** Drops what is known to be gone, though its delete was never seen. */
  drop(entry: Entry<T>): void {
    this.tell(this.removeEntry(entry, false))
  }

  /** Whether an entry says what these bytes say. Of what the filter keeps out nothing is kept to compare. */
  hasContent(entry: Entry<T>, wire: WireObject<T>): boolean {
    if (!entry.isVisible) return true
    if (entry.bytes !== undefined && Buffer.compare(entry.bytes, wire.bytes) === 0) return true
    const now = this.prepare(wire)
    return now.isVisible && isDeepEqual(entry.tryReadOnce(), now.tryReadOnce())
  }

  /** Lets the objects of a namespace go (undefined: all): they have left the view, and are told so, in slices. */
  removeScope(namespace: string | undefined): Promise<void> {
    return new Replacement<T>(this, {
      namespace,
      isInitialList: false,
      trustsVersions: true,
      leavesView: true,
      onDuplicate: () => {},
    }).commit()
  }

  /** Makes an entry, outside the store. */
  prepare(wire: WireObject<T>): Entry<T> {
    return this.#ingest.entry(wire)
  }

  /** Takes the bytes of an entry that is to be in the store, now or later; `discard` gives them up. */
  keep(entry: Entry<T>): void {
    if (entry.place !== undefined) this.#bytes.add(entry)
  }

  discard(entry: Entry<T>): void {
    this.#bytes.remove(entry)
  }

  /** Takes one entry out; returns what that did, and tells nobody. */
  removeEntry(entry: Entry<T>, finalStateKnown: boolean): Change<T>[] {
    this.remove(entry)
    return this.#isTold(entry) ? [{ type: 'deleted', object: entry, finalStateKnown }] : []
  }

  /** Puts one entry in place; returns what that did, and tells nobody. A changed uid is a delete and an add. */
  replaceEntry(entry: Entry<T>, { isInitialList }: { readonly isInitialList: boolean }): Change<T>[] {
    const known = this.#table.get(entry.key)
    if (known !== undefined) this.remove(known)
    this.#table.insert(entry)
    if (entry.error !== undefined) this.#quarantine.add(entry)
    const previous = known !== undefined && this.#isTold(known) ? known : undefined
    if (!entry.isVisible)
      return previous === undefined ? [] : [{ type: 'deleted', object: previous, finalStateKnown: true }]
    if (previous === undefined) return [{ type: 'added', object: entry, isInitialList }]
    if (previous.isSameObject(entry)) return [{ type: 'updated', object: entry, previous, isResync: false }]
    return [
      { type: 'deleted', object: previous, finalStateKnown: false },
      { type: 'added', object: entry, isInitialList },
    ]
  }

  remove(entry: Entry<T>): void {
    this.#table.remove(entry)
    this.#quarantine.remove(entry)
    this.discard(entry)
  }

  tell(changes: readonly Change<T>[]): void {
    if (changes.length > 0) this.#options.onChanges(changes)
  }

  /** From now on readers see the overlay in place of what the store has of its namespace. */
  publish(overlay: Overlay<T>): void {
    this.#overlays.add(overlay)
  }

  /** Makes what has been staged the store's own, where there is nothing that it could replace. Returns whether it did. */
  adopt({ id, staged }: Overlay<T>): boolean {
    if (this.#table.size > 0 || !this.#overlays.isEmpty) return false
    this.#table = staged
    this.#untold = id
    return true
  }

  /** To be told now: what an entry is that was adopted. */
  revealEntry(entry: Entry<T>, { isInitialList }: { readonly isInitialList: boolean }): Change<T>[] {
    if (entry.seenBy !== this.#untold) return []
    entry.seenBy = 0
    if (entry.error !== undefined) this.#quarantine.add(entry)
    return entry.isVisible ? [{ type: 'added', object: entry, isInitialList }] : []
  }

  /** The store itself is now as the overlay: readers see no difference. */
  withdraw(overlay: Overlay<T>): void {
    this.#overlays.delete(overlay)
    if (this.#untold === overlay.id) this.#untold = NaN
  }

  /** What the store itself has, whatever overlays there are. */
  own(namespace: string | undefined): IterableIterator<Entry<T>> {
    return this.#table.select({ namespace })
  }

  /** Ends the work that it does by itself, a replacement under way too. What is in it stays readable. */
  end(): void {
    this.#isEnded = true
    this.#bytes.end()
  }

  onQuarantine(entry: Entry<T>, error: KubeflumeError): void {
    const known = this.#table.get(entry.key)
    // a version that is staged, or has been replaced meanwhile, is not the store's
    if (known === entry) this.#quarantine.add(entry)
    else if (known?.error !== undefined && known.isVersion(entry)) return // it has been told
    this.#options.onQuarantine(entry.key, error, entry.resourceVersion)
  }

  #isTold(entry: Entry<T>): boolean {
    return entry.isVisible && entry.seenBy !== this.#untold
  }

  *#select(selection: Selection): IterableIterator<Entry<T>> {
    for (const entry of this.#table.select(selection))
      if (this.#overlays.isEmpty || this.find(entry.key) === entry) yield entry
    for (const { staged } of this.#overlays)
      for (const entry of staged.select(selection)) if (this.#table.get(entry.key) !== entry) yield entry
  }

  /** What left the view: the final state, or the one before where the filter keeps the final one out or it cannot be read. */
  #deletion(wire: WireObject<T>, known: Entry<T>): Change<T> {
    const entry = this.prepare(wire)
    const isAnother = !entry.isSameObject(known) // its delete and the other one's add were missed
    if (isAnother || entry.error !== undefined) return { type: 'deleted', object: known, finalStateKnown: false }
    if (!entry.isVisible) return { type: 'deleted', object: known, finalStateKnown: true }
    return { type: 'deleted', object: entry, before: known, finalStateKnown: true }
  }
}
