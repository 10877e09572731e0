import { CHUNK_BYTES } from '../http/body-writer.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { BackwardWriter } from './backward-writer.ts'
import type { ObjectEncoder } from './object-encoder.ts'

/** Lists that are sent at once are a chunk apart, each from the next: this does for some sixty of them. */
const ROOM_BYTES = 4 * 1024 * 1024

const ITEM = 0x12

/** Of an item that was made once. */
interface Place {
  readonly length: number
  /** Counted in all bytes that have ever been laid down. */
  readonly at: number
}

const NOWHERE = -Infinity

/**
 * Items of protobuf lists, each a message with its prefix: the lengths of all that were ever made, and the
 * bytes of the last {@link ROOM_BYTES}. What one list makes, others that are sent at the same time copy.
 *
 * It is one room for all servers of a process, which is written over and over: nothing is allocated for an
 * item, and no object is kept from being collected.
 */
class RecentItems {
  readonly #places = { object: new WeakMap<Buffer, Place>(), metadata: new WeakMap<Buffer, Place>() }
  readonly #out = new BackwardWriter()
  #room: Buffer = Buffer.alloc(0)
  #end = 0

  lengthOf(encoder: ObjectEncoder, version: StoredVersion): number {
    return this.#placesOf(encoder).get(version.bytes)?.length ?? this.bytesOf(encoder, version).length
  }

  /**
   * The item, which stands until the next call. What is longer than a chunk of a body is sent without a copy,
   * and so lies in memory of its own.
   */
  bytesOf(encoder: ObjectEncoder, version: StoredVersion): Buffer {
    const places = this.#placesOf(encoder)
    const known = places.get(version.bytes)
    if (known !== undefined && known.at >= this.#end - ROOM_BYTES) return this.#at(known)
    const out = this.#out
    out.clear()
    encoder.writeMessage(out, version)
    out.prefix(ITEM, out.length)
    const { length } = out
    const place = { length, at: length > CHUNK_BYTES ? NOWHERE : this.#reserve(length) }
    places.set(version.bytes, place)
    if (place.at === NOWHERE) return out.copy()
    const item = this.#at(place)
    out.copyTo(item)
    return item
  }

  #placesOf({ representation: { form } }: ObjectEncoder): WeakMap<Buffer, Place> {
    return form === 'metadata' ? this.#places.metadata : this.#places.object
  }

  #at({ at, length }: Place): Buffer {
    const start = at % ROOM_BYTES
    return this.#room.subarray(start, start + length)
  }

  /** Where so many bytes lie in one piece. */
  #reserve(length: number): number {
    if (this.#room.length === 0) this.#room = Buffer.allocUnsafeSlow(ROOM_BYTES)
    const left = ROOM_BYTES - (this.#end % ROOM_BYTES)
    const at = this.#end + (length > left ? left : 0)
    this.#end = at + length
    return at
  }
}

export const recentItems: RecentItems = new RecentItems()
