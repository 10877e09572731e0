import { walkFields } from '../../src/decode/protobuf/fields.ts'
import { decodeProtobuf } from './decode-body.ts'
import { isProtobuf } from './media-types.ts'

/** Cuts the body of a watch into its events, as they come. */
export class EventReader {
  readonly #isProtobuf: boolean
  #rest: Buffer = Buffer.alloc(0)

  constructor(contentType: string) {
    this.#isProtobuf = isProtobuf(contentType)
  }

  push(chunk: Buffer): unknown[] {
    this.#rest = Buffer.concat([this.#rest, chunk])
    const events: unknown[] = []
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      events.push(this.#isProtobuf ? decodeFrame(frame) : JSON.parse(frame.toString()))
    }
    return events
  }

  /** A line, or what a length of 4 bytes stands before. */
  #next(): Buffer | undefined {
    const isLong = this.#isProtobuf && this.#rest.length >= 4
    const start = this.#isProtobuf ? 4 : 0
    const end = isLong ? 4 + this.#rest.readUInt32BE(0) : this.#isProtobuf ? -1 : this.#rest.indexOf(0x0a) + 1
    if (end <= 0 || end > this.#rest.length) return undefined
    const frame = this.#rest.subarray(start, end)
    this.#rest = this.#rest.subarray(end)
    return frame
  }
}

/** `metav1.WatchEvent`: the type, and the object as a `RawExtension`. */
function decodeFrame(frame: Buffer): { type: string; object: unknown } {
  let type = ''
  let object: unknown
  walkFields(frame, 0, frame.length, (number, _wireType, start, end) => {
    if (number === 1) type = frame.toString('utf8', start, end)
    if (number !== 2) return
    walkFields(frame, start, end, (inner, _inner, from, to) => {
      if (inner === 1) object = decodeProtobuf(frame.subarray(from, to))
    })
  })
  return { type, object }
}
