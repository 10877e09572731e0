import type { Change } from '../store/change.ts'
import type { DeltaBatch } from './delta-batch.ts'

/** A change, or a place in the order of changes that somebody waits for. */
export type Queued<T> = Change<T> | { readonly type: 'marker'; readonly reached: () => void }

/** Places of what is gone are not worth giving up before there are so many. */
const MIN_ROOM = 64

/**
 * What one subscriber has not heard yet, in order. It never refuses: while more than `maxPending`
 * changes wait, a new one is folded into the last one of the same object, but not past a batch, so that a subscriber
 * who never comes back costs one entry an object, and as many again around each batch; who comes back misses no final state.
 */
export class DeltaQueue<T> {
  readonly #maxPending: number
  #entries: (Queued<T> | DeltaBatch<T> | undefined)[] = []
  #head = 0
  #pending = 0
  /** Markers and batches. */
  #others = 0
  #coalesced = 0
  /** Where the last change of each key stands, behind the last batch; kept only while folding. */
  #lastByKey: Map<string, number> | undefined

  constructor(maxPending: number) {
    this.#maxPending = maxPending
  }

  get pending(): number {
    return this.#pending
  }

  get coalesced(): number {
    return this.#coalesced
  }

  push(change: Change<T>): void {
    if (this.#pending >= this.#maxPending && this.#foldIn(change)) return
    if (this.#entries.length >= 2 * (this.#pending + this.#others + MIN_ROOM)) this.#compact()
    this.#lastByKey?.set(change.object.key, this.#entries.length)
    this.#entries.push(change)
    this.#pending++
  }

  /** Takes many at once; nothing that comes later is folded into them, or into what was there before: it would overtake them. */
  pushAll(batch: DeltaBatch<T>): void {
    if (batch.pending === 0) return
    this.#entries.push(batch)
    this.#others++
    this.#pending += batch.pending
    this.#lastByKey = undefined
  }

  mark(reached: () => void): void {
    this.#entries.push({ type: 'marker', reached })
    this.#others++
  }

  shift(): Queued<T> | undefined {
    while (this.#head < this.#entries.length) {
      const entry = this.#entries[this.#head]
      if (entry?.type === 'batch' && entry.pending > 0) {
        this.#pending--
        return entry.shift()
      }
      this.#entries[this.#head++] = undefined
      if (entry === undefined) continue // it was folded away
      if (entry.type === 'marker' || entry.type === 'batch') this.#others--
      else this.#pending--
      if (entry.type !== 'batch') return entry
    }
    this.#entries = []
    this.#head = 0
    this.#lastByKey = undefined
    return undefined
  }

  /** Lets everything go; who waits for a marker is told. */
  clear(): void {
    for (const entry of this.#entries) {
      if (entry?.type !== 'batch') continue
      this.#pending -= entry.pending
      entry.clear()
    }
    for (let entry = this.shift(); entry !== undefined; entry = this.shift())
      if (entry.type === 'marker') entry.reached()
  }

  /** Gives up the places of what is gone: a queue that is never empty must not grow for ever. */
  #compact(): void {
    this.#entries = this.#entries.filter((entry) => entry !== undefined)
    this.#head = 0
    this.#lastByKey = undefined
  }

  #foldIn(change: Change<T>): boolean {
    const { key } = change.object
    const at = this.#indexByKey().get(key)
    const before = at === undefined || at < this.#head ? undefined : this.#entries[at]
    if (before === undefined || !('object' in before)) return false
    const folded = fold(before, change)
    if (folded === 'apart') return false
    this.#coalesced++
    this.#entries[at!] = folded
    if (folded === undefined) {
      this.#pending--
      this.#lastByKey!.delete(key)
    }
    return true
  }

  #indexByKey(): Map<string, number> {
    if (this.#lastByKey !== undefined) return this.#lastByKey
    this.#lastByKey = new Map()
    for (let at = this.#head; at < this.#entries.length; at++) {
      const entry = this.#entries[at]
      if (entry?.type === 'batch') this.#lastByKey.clear()
      else if (entry !== undefined && 'object' in entry) this.#lastByKey.set(entry.object.key, at)
    }
    return this.#lastByKey
  }
}

/**
 * Two changes of one object as one: undefined where they cancel out, `'apart'` where they must stay two
 * (a delete and the add of a new object under the old name).
 */
function fold<T>(before: Change<T>, after: Change<T>): Change<T> | undefined | 'apart' {
  if (before.type === 'deleted' || after.type === 'added') return 'apart'
  if (after.type === 'updated') {
    if (before.type === 'added') return { ...before, object: after.object }
    return { ...after, previous: before.previous, isResync: before.isResync && after.isResync }
  }
  return before.type === 'added' ? undefined : after
}
