import { TimeSlice } from '../../internal/time-slice.ts'
import type { BodyWriter } from '../http/body-writer.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { BackwardWriter } from './backward-writer.ts'
import { ENVELOPE_TAIL, openEnvelope } from './envelope.ts'
import type { ListBody } from './list-body.ts'
import type { ObjectEncoder } from './object-encoder.ts'
import { writeTyped } from './protobuf-encoder.ts'
import { recentItems } from './recent-items.ts'

const LIST_META = 0x0a

/**
 * A LIST in protobuf. It begins with the length of the whole, so that all items are measured before the
 * first is sent: what has never been listed is made twice, where the list is longer than what
 * {@link recentItems} holds.
 */
export class ProtobufListBody implements ListBody {
  readonly tail: Buffer = ENVELOPE_TAIL
  readonly #encoder: ObjectEncoder
  readonly #metadata: object

  constructor(encoder: ObjectEncoder, metadata: object) {
    this.#encoder = encoder
    this.#metadata = metadata
  }

  async head(items: Iterable<StoredVersion>): Promise<Buffer> {
    const slice = new TimeSlice()
    let total = 0
    for (const item of items) {
      total += recentItems.lengthOf(this.#encoder, item)
      if (slice.isOver) await slice.turn()
    }
    const out = new BackwardWriter()
    writeTyped(out, 'meta/v1.ListMeta', this.#metadata)
    out.prefix(LIST_META, out.length)
    const { apiVersion, kind } = this.#encoder.kind
    openEnvelope(out, apiVersion, `${kind}List`, out.length + total)
    return out.copy()
  }

  writeItem(body: BodyWriter, version: StoredVersion): void {
    body.write(recentItems.bytesOf(this.#encoder, version))
  }
}
