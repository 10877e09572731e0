import { DecodeError } from '../../api/errors.ts'
import type { ListMetadata, WireObject } from '../../api/wire-object.ts'
import type { ByteArena } from '../byte-arena.ts'
import type { ListDecoder } from '../decoder.ts'
import { asBuffer } from '../json/bytes.ts'
import { MOST_REUSED_BYTES } from '../kept-bytes.ts'
import type { ListHead } from '../list-head.ts'
import type { OmitTree } from '../omit.ts'
import { type CutPlan, cutPlan } from './cut-plan.ts'
import { MAGIC, RAW, readTypeMeta, TYPE_META } from './envelope.ts'
import { LENGTH_DELIMITED, VARINT } from './fields.ts'
import { decodeMessage } from './message-decoder.ts'
import { createItem, createSkipped } from './object.ts'
import { RangeCollector } from './range-collector.ts'

/** The fields of every list message. */
const LIST_META = 1
const ITEM = 2
/** The field of `runtime.Unknown` that says how the list is packed: not at all. */
const CONTENT_ENCODING = 3
/** Far more than the metadata of a list, or a Status, needs. */
const MAX_HEAD_BYTES = 256 * 1024
/** `contentEncoding` and `contentType`, both empty, behind the list. */
const TAIL_BYTES = 4

type State = (chunk: Buffer, at: number) => number

export interface ProtobufListOptions {
  readonly head: ListHead
  readonly omit: OmitTree | undefined
  readonly maxItemBytes: number
  readonly arena: ByteArena
}

/**
 * Reads `k8s\0`, then `runtime.Unknown` with the list inside, and hands out each item when its last byte
 * has come. Lengths say where everything ends, so the bytes of an item are not looked at but for its key:
 *
 *     prefix -> tag -> length -> value -> tag …      the list's own fields follow the tag of `raw` directly
 */
export class ProtobufListDecoder<T> implements ListDecoder<T> {
  readonly #options: ProtobufListOptions
  readonly #value = new RangeCollector(MOST_REUSED_BYTES)
  #state: State
  #plan: CutPlan | undefined
  #bytesRead = 0
  #matched = 0
  /** The varint under way; `#factor` is 1 between two of them. */
  #number = 0
  #factor = 1
  #tag = 0
  /** Where the list ends, in the body; undefined before it has begun. */
  #listEnd: number | undefined
  #isInList = false
  #isStatus = false
  #items: WireObject<T>[] = []
  #failure: unknown

  constructor(options: ProtobufListOptions) {
    this.#options = options
    this.#state = this.#prefix
  }

  get head(): ListMetadata | undefined {
    return this.#options.head.metadata
  }

  get bytesRead(): number {
    return this.#bytesRead
  }

  get totalBytes(): number | undefined {
    return this.#listEnd === undefined ? undefined : this.#listEnd + TAIL_BYTES
  }

  push(chunk: Uint8Array): readonly WireObject<T>[] {
    if (this.#failure !== undefined) throw this.#failure
    const buffer = asBuffer(chunk)
    let at = 0
    try {
      while (at < buffer.length) at = this.#state(buffer, at)
    } catch (error) {
      this.#failure = error
      if (this.#items.length === 0) throw error
    }
    this.#bytesRead += chunk.length
    const items = this.#items
    this.#items = [] // what is handed out is no longer held
    return items
  }

  end(): ListMetadata {
    if (this.#failure !== undefined) throw this.#failure
    const isBetweenFields = this.#state === this.#inTag && this.#factor === 1
    if (!isBetweenFields || this.#listEnd === undefined || this.#bytesRead < this.#listEnd) {
      throw new DecodeError('ERR_DECODE_TRUNCATED', 'the body ended inside the list', { offset: this.#bytesRead })
    }
    return this.#options.head.end()
  }

  readonly #prefix: State = (chunk, at) => {
    if (chunk[at] !== MAGIC[this.#matched]) throw this.#broken('the prefix of Kubernetes protobuf is missing', at)
    if (++this.#matched === MAGIC.length) this.#state = this.#inTag
    return at + 1
  }

  readonly #inTag: State = (chunk, at) => {
    if (this.#isInList && this.#factor === 1 && this.#bytesRead + at === this.#listEnd) this.#isInList = false
    if (!this.#readByte(chunk, at)) return at + 1
    this.#tag = this.#takeNumber()
    this.#state = this.#afterTag(at)
    return at + 1
  }

  #afterTag(at: number): State {
    if (this.#tag < 8) throw this.#broken('field number 0', at)
    switch (this.#tag % 8) {
      case VARINT:
        return this.#inNumber
      case 1:
        return this.#beginValue(8, at)
      case LENGTH_DELIMITED:
        return this.#inLength
      case 5:
        return this.#beginValue(4, at)
      default:
        throw this.#broken(`wire type ${this.#tag % 8}`, at)
    }
  }

  /** A number that nobody needs. */
  readonly #inNumber: State = (chunk, at) => {
    if (!this.#readByte(chunk, at)) return at + 1
    this.#takeNumber()
    this.#state = this.#inTag
    return at + 1
  }

  readonly #inLength: State = (chunk, at) => {
    if (!this.#readByte(chunk, at)) return at + 1
    const length = this.#takeNumber()
    const start = at + 1
    if (!this.#isInList && this.#tag >>> 3 === RAW && !this.#isStatus) {
      this.#beginList(this.#bytesRead + start, length)
      return start
    }
    this.#state = this.#beginValue(length, start)
    if (length === 0) this.#finishValue(start)
    return start
  }

  readonly #inValue: State = (chunk, at) => {
    const next = this.#value.take(chunk, at)
    if (this.#value.isComplete) this.#finishValue(next)
    return next
  }

  #beginList(start: number, length: number): void {
    if (this.#listEnd !== undefined) throw this.#broken('a second list', 0)
    if (!Number.isSafeInteger(start + length)) throw this.#broken('a length of no list', 0)
    this.#listEnd = start + length
    this.#isInList = length > 0
    this.#options.head.beginItems()
    const { omit, head } = this.#options
    this.#plan = cutPlan(omit, head.typeMeta.apiVersion ?? '', head.typeMeta.kind ?? '')
    this.#state = this.#inTag
  }

  #beginValue(length: number, at: number): State {
    const isPastEnd = this.#isInList && this.#bytesRead + at + length > this.#listEnd!
    if (isPastEnd) throw this.#broken('a length past the end of the list', at)
    const isItem = this.#isInList && this.#tag >>> 3 === ITEM
    if (!isItem && length > MAX_HEAD_BYTES && this.#tag % 8 === LENGTH_DELIMITED && this.#isKnown()) {
      throw new DecodeError('ERR_DECODE_TOO_LARGE', 'the head of the list is too large', {
        offset: this.#bytesRead + at,
      })
    }
    this.#value.begin(length, isItem ? this.#options.maxItemBytes : MAX_HEAD_BYTES)
    return this.#inValue
  }

  #isKnown(): boolean {
    const field = this.#tag >>> 3
    return this.#isInList ? field === LIST_META : field === TYPE_META || field === RAW
  }

  #finishValue(at: number): void {
    this.#state = this.#inTag
    if (this.#tag % 8 !== LENGTH_DELIMITED) return
    const field = this.#tag >>> 3
    if (this.#isInList) {
      if (field === ITEM) this.#finishItem()
      else if (field === LIST_META) this.#finishListMeta(at)
    } else if (field === TYPE_META) {
      this.#finishTypeMeta(at)
    } else if (field === RAW) {
      this.#finishStatus(at)
    } else if (field === CONTENT_ENCODING && this.#value.length > 0) {
      throw this.#broken('a content encoding that is not known', at)
    }
  }

  #finishItem(): void {
    const { head, maxItemBytes, omit, arena } = this.#options
    this.#items.push(
      this.#value.isTooLarge
        ? createSkipped<T>(this.#value.bytes, maxItemBytes)
        : createItem<T>(this.#value.bytes, head.typeMeta, { tree: omit, plan: this.#plan }, arena.allocate),
    )
  }

  #finishListMeta(at: number): void {
    this.#options.head.set('metadata', decodeMessage('meta/v1.ListMeta', this.#value.bytes), this.#bytesRead + at)
  }

  #finishTypeMeta(at: number): void {
    const { apiVersion, kind } = readTypeMeta(this.#value.bytes, 0, this.#value.bytes.length)
    this.#options.head.set('apiVersion', apiVersion, this.#bytesRead + at)
    this.#options.head.set('kind', kind, this.#bytesRead + at)
    this.#isStatus = kind === 'Status'
  }

  /** Instead of a list. It is an error at the end, when the body is known to be whole. */
  #finishStatus(at: number): void {
    this.#listEnd = this.#bytesRead + at
    const status = decodeMessage('meta/v1.Status', this.#value.bytes) as object
    for (const [key, value] of Object.entries(status)) this.#options.head.set(key, value, this.#listEnd)
  }

  /** Adds a byte to the varint under way; true when that was its last one. */
  #readByte(chunk: Buffer, at: number): boolean {
    if (this.#isInList && this.#bytesRead + at >= this.#listEnd!)
      throw this.#broken('a number past the end of the list', at)
    const byte = chunk[at]!
    this.#number += (byte & 0x7f) * this.#factor
    if (byte < 0x80) return true
    this.#factor *= 128
    if (this.#factor > 2 ** 63) throw this.#broken('a varint of more than ten bytes', at)
    return false
  }

  #takeNumber(): number {
    const number = this.#number
    this.#number = 0
    this.#factor = 1
    return number
  }

  #broken(what: string, at: number): DecodeError {
    return new DecodeError('ERR_DECODE_SYNTAX', `no protobuf list: ${what}`, { offset: this.#bytesRead + at })
  }
}
