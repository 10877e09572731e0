import { TimeSlice } from '../../internal/time-slice.ts'
import type { BodyWriter } from '../http/body-writer.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { BackwardWriter } from './backward-writer.ts'
import { ENVELOPE_TAIL, openEnvelope } from './envelope.ts'
import type { ListBody } from './list-body.ts'
import type { ObjectEncoder } from './object-encoder.ts'
import { writeTyped } from './protobuf-encoder.ts'

const ITEM = 0x12
const LIST_META = 0x0a

/** Messages made to be measured are kept for sending up to so many bytes: a short list is made once. */
const KEPT_BYTES = 1024 * 1024

/** The lengths of messages, by the bytes they are made from: each object is measured once, however often it is listed. */
const known = { object: new WeakMap<Buffer, number>(), metadata: new WeakMap<Buffer, number>() }

/**
 * A LIST in protobuf. It begins with the length of the whole, so that all items are measured before the
 * first is sent; they are made again when they are sent, so that no more than {@link KEPT_BYTES} of them
 * are held, however many there are.
 */
export class ProtobufListBody implements ListBody {
  readonly tail: Buffer = ENVELOPE_TAIL
  readonly #encoder: ObjectEncoder
  readonly #metadata: object
  readonly #kept: Buffer[] = []
  #keptBytes = 0
  readonly #prefix = new BackwardWriter()

  constructor(encoder: ObjectEncoder, metadata: object) {
    this.#encoder = encoder
    this.#metadata = metadata
  }

  async head(items: Iterable<StoredVersion>): Promise<Buffer> {
    const slice = new TimeSlice()
    let total = 0
    for (const item of items) {
      const length = this.#measure(item)
      total += 1 + varintLength(length) + length
      if (slice.isOver) await slice.turn()
    }
    const out = new BackwardWriter()
    writeTyped(out, 'meta/v1.ListMeta', this.#metadata)
    out.prefix(LIST_META, out.length)
    const { apiVersion, kind } = this.#encoder.kind
    openEnvelope(out, apiVersion, `${kind}List`, out.length + total)
    return out.copy()
  }

  writeItem(body: BodyWriter, version: StoredVersion, index: number): void {
    const message = this.#kept[index] ?? this.#encoder.message(version)
    this.#prefix.clear()
    this.#prefix.prefix(ITEM, message.length)
    body.write(this.#prefix.copy())
    body.write(message)
  }

  #measure(version: StoredVersion): number {
    if (this.#keptBytes < KEPT_BYTES) {
      const message = this.#encoder.message(version)
      this.#kept.push(message)
      this.#keptBytes += message.length
      return message.length
    }
    const lengths = this.#encoder.representation.form === 'metadata' ? known.metadata : known.object
    let length = lengths.get(version.bytes)
    if (length === undefined) {
      length = this.#encoder.messageLength(version)
      lengths.set(version.bytes, length)
    }
    return length
  }
}

function varintLength(value: number): number {
  return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5
}
