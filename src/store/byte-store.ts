import type { Compressor } from '../api/compressor.ts'
import { TimeSlice } from '../internal/time-slice.ts'
import { Block, BlockCodec, compressTogether } from './block.ts'
import type { Resident } from './place.ts'
import { Slab } from './slab.ts'

/** Slabs grow up to this size with what they hold, so that a small store takes little. */
const MAX_SLAB_BYTES = 256 * 1024
const MIN_SLAB_BYTES = 8 * 1024
/**
 * Full slabs that have become blocks are filled again: V8 marks all of its heap whenever 64 MB more have been taken
 * outside of it, which for a million objects is every half a second. So many, in a store that has many times as much
 * in blocks.
 */
const MAX_SPARE = 2
const BLOCKS_A_SPARE = 512
/** What has so many bytes, in memory of its own, is not copied: it is a slab by itself. */
const LARGE_BYTES = 64 * 1024
/** Of all bytes in slabs, and of each block, this part may be nobody's before the rest is moved together. */
const MAX_GARBAGE = 0.25
const MAX_HOLES = 0.5
/** Smaller blocks compress worse, larger ones take longer to read one object of. */
const BLOCK_BYTES = 60 * 1024

/**
 * Keeps the bytes of objects outside the V8 heap, in slabs. What is removed leaves a hole; when a quarter
 * of all is holes, the slabs with most of them are emptied into a new one. With a compressor, slabs that
 * are full become blocks. Both is done in slices between other work, and ends with `end`.
 *
 * An object that was removed can be read for as long as someone holds it.
 */
export class ByteStore {
  readonly #codec: BlockCodec | undefined
  readonly #full = new Set<Slab>()
  readonly #blocks = new Set<Block>()
  readonly #holed = new Set<Block>()
  readonly #spare: Uint8Array[] = []
  #open = new Slab(0)
  /** Bytes in slabs, and those of them in full slabs that are nobody's. */
  #used = 0
  #garbage = 0
  #isTidying = false
  #isEnded = false

  constructor(compressor?: Compressor) {
    if (compressor !== undefined) this.#codec = new BlockCodec(compressor)
  }

  /** Takes over the bytes of a resident: they move here. */
  add(resident: Resident): void {
    this.#append(resident)
    this.#tidyLater()
  }

  /** The store has no more use for the bytes of a resident. */
  remove({ place, index }: Resident): void {
    if (place instanceof Slab) {
      const freed = place.residents.remove(index)
      if (!this.#full.has(place)) return
      this.#garbage += freed
      if (place.residents.live === 0) this.#drop(place, this.#move)
    } else if (place instanceof Block) {
      place.residents.remove(index)
      if (place.residents.dead > place.residents.used * MAX_HOLES) this.#holed.add(place)
    }
    this.#tidyLater()
  }

  /** Whose bytes are here, neighbours together. Who moves meanwhile may not come, or come again. */
  *[Symbol.iterator](): IterableIterator<Resident> {
    for (const place of [this.#open, ...this.#full]) yield* place.residents
    for (const block of this.#blocks) yield* block.residents
  }

  end(): void {
    this.#isEnded = true
    this.#spare.length = 0
  }

  /** What slabs and blocks take in memory, in bytes. */
  get size(): number {
    let size = this.#open.capacity
    for (const { capacity } of this.#full) size += capacity
    for (const { compressed } of this.#blocks) size += compressed.length
    for (const { length } of this.#spare) size += length
    return size
  }

  #append(resident: Resident): void {
    const bytes = resident.place!.glance(resident.index)
    this.#used += bytes.length
    if (bytes.length >= LARGE_BYTES && ownsItsMemory(bytes)) {
      this.#full.add(Slab.around(resident, bytes))
      return
    }
    if (!this.#open.hasRoomFor(bytes.length)) this.#beginSlab(bytes.length)
    this.#open.append(resident, bytes)
  }

  #beginSlab(length: number): void {
    const { capacity, residents } = this.#open
    this.#full.add(this.#open)
    this.#garbage += residents.dead
    if (residents.live === 0) this.#drop(this.#open, this.#move)
    const size = Math.max(Math.min(2 * capacity, MAX_SLAB_BYTES), MIN_SLAB_BYTES, length)
    this.#open = new Slab((size === MAX_SLAB_BYTES ? this.#spare.pop() : undefined) ?? size)
  }

  /** Moves what is left in a slab with `move`, and lets the slab go. */
  #drop(slab: Slab, move: (residents: readonly Resident[]) => void): void {
    this.#full.delete(slab)
    this.#used -= slab.residents.used
    this.#garbage -= slab.residents.dead
    move(slab.residents.take(Infinity))
    slab.letGo()
    if (slab.capacity === MAX_SLAB_BYTES && slab.unreadMemory !== undefined) this.#keepSpare(slab.unreadMemory)
  }

  #keepSpare(memory: Uint8Array): void {
    const most = this.#isEnded ? 0 : Math.min(Math.floor(this.#blocks.size / BLOCKS_A_SPARE), MAX_SPARE)
    if (this.#spare.length < most) this.#spare.push(memory)
  }

  get #hasWork(): boolean {
    if (this.#codec !== undefined) return this.#full.size > 0 || this.#holed.size > 0
    return this.#garbage > this.#used * MAX_GARBAGE
  }

  #tidyLater(): void {
    if (this.#isTidying || this.#isEnded || !this.#hasWork) return
    this.#isTidying = true
    setImmediate(() => void this.#tidy())
  }

  async #tidy(): Promise<void> {
    const slice = new TimeSlice()
    while (this.#hasWork && !this.#isEnded) {
      this.#tidyOnce()
      if (slice.isOver) await slice.turn()
    }
    this.#isTidying = false
  }

  #tidyOnce(): void {
    const [block] = this.#holed
    if (block !== undefined) this.#empty(block)
    else if (this.#codec === undefined) this.#drop(this.#dirtiest(), this.#move)
    else this.#compressSome(this.#codec, this.#full.values().next().value!)
  }

  readonly #move = (residents: readonly Resident[]): void => {
    for (const resident of residents) this.#append(resident)
  }

  #empty(block: Block): void {
    this.#holed.delete(block)
    this.#blocks.delete(block)
    this.#move(block.residents.take(Infinity))
  }

  #compressSome(codec: BlockCodec, slab: Slab): void {
    const compress = (residents: readonly Resident[]): void => {
      if (residents.length > 0) this.#blocks.add(compressTogether(residents, codec))
    }
    if (slab.residents.live < 2 * BLOCK_BYTES) this.#drop(slab, compress)
    else compress(slab.residents.take(BLOCK_BYTES))
  }

  #dirtiest(): Slab {
    let found: Slab | undefined
    for (const slab of this.#full) if (found === undefined || slab.residents.dead > found.residents.dead) found = slab
    return found!
  }
}

function ownsItsMemory({ byteLength, buffer }: Uint8Array): boolean {
  return byteLength === buffer.byteLength
}
