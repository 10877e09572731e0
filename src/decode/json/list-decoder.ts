import { DecodeError, KubeflumeError } from '../../api/errors.ts'
import type { ListMetadata, WireObject } from '../../api/wire-object.ts'
import type { ByteArena } from '../byte-arena.ts'
import type { ListDecoder } from '../decoder.ts'
import type { OmitTree } from '../omit.ts'
import {
  asBuffer,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './bytes.ts'
import { createItem, createSkipped, readStatusMessage, wholeSource } from './item.ts'
import { MOST_REUSED_BYTES } from '../kept-bytes.ts'
import { ListHead } from '../list-head.ts'
import { ValueCollector } from './value-collector.ts'

/** Far more than the metadata of a list, or a Status, needs. */
const MAX_HEAD_VALUE_BYTES = 256 * 1024

/** Takes the chunk and an index into it, returns the next index: each state of the decoder is one such function. */
type State = (chunk: Buffer, at: number) => number

export interface JsonListOptions {
  readonly head: ListHead
  readonly omit: OmitTree | undefined
  readonly maxItemBytes: number
  readonly arena: ByteArena
}

/**
 * Reads `{"kind":…,"metadata":{…},"items":[…]}` in any order of keys and hands out each item when its
 * last byte has come. The states follow the text:
 *
 *     start -> key -> colon -> value -> comma or end -> key … -> after
 *                           \-> items -> item -> item comma or end -> item …
 */
export class JsonListDecoder<T> implements ListDecoder<T> {
  readonly totalBytes = undefined
  readonly #head: ListHead
  readonly #omit: OmitTree | undefined
  readonly #maxItemBytes: number
  readonly #value = new ValueCollector(MOST_REUSED_BYTES)
  readonly #arena: ByteArena
  #state: State
  #key = ''
  #bytesRead = 0
  #items: WireObject<T>[] = []
  #failure: unknown

  constructor(options: JsonListOptions) {
    this.#head = options.head
    this.#omit = options.omit
    this.#maxItemBytes = options.maxItemBytes
    this.#arena = options.arena
    this.#state = this.#start
  }

  get head(): ListMetadata | undefined {
    return this.#head.metadata
  }

  get bytesRead(): number {
    return this.#bytesRead
  }

  push(chunk: Uint8Array): readonly WireObject<T>[] {
    if (this.#failure !== undefined) throw this.#failure
    const items: WireObject<T>[] = []
    this.#items = items
    const buffer = asBuffer(chunk)
    let at = 0
    try {
      while (at < buffer.length) at = this.#state(buffer, at)
    } catch (error) {
      this.#failure = this.#inBody(error)
      if (items.length === 0) throw this.#failure
    }
    this.#bytesRead += chunk.length
    this.#items = [] // what was handed out is not held
    return items
  }

  end(): ListMetadata {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#state !== this.#after) throw this.#truncated()
    return this.#head.end()
  }

  readonly #start: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    if (chunk[at] !== OPEN_BRACE) throw this.#unexpected(chunk, at, 'a JSON object')
    this.#state = this.#keyOrEnd
    return at + 1
  }

  readonly #keyOrEnd: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    if (chunk[at] === CLOSE_BRACE) return this.#close(at)
    return this.#expectKey(chunk, at)
  }

  readonly #expectKey: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    if (chunk[at] !== QUOTE) throw this.#unexpected(chunk, at, 'a key')
    this.#value.begin(MAX_HEAD_VALUE_BYTES)
    this.#state = this.#inKey
    return at
  }

  readonly #inKey: State = (chunk, at) => {
    const next = this.#value.take(chunk, at, this.#bytesRead)
    if (this.#value.isComplete) {
      this.#key = this.#parseValue(at) as string
      this.#state = this.#colon
    }
    return next
  }

  readonly #colon: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    if (chunk[at] !== COLON) throw this.#unexpected(chunk, at, 'a colon')
    this.#state = this.#expectValue
    return at + 1
  }

  readonly #expectValue: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    if (this.#key === 'items' && chunk[at] === OPEN_BRACKET) {
      this.#head.beginItems()
      this.#state = this.#itemOrEnd
      return at + 1
    }
    this.#value.begin(MAX_HEAD_VALUE_BYTES)
    this.#state = this.#inValue
    return at
  }

  readonly #inValue: State = (chunk, at) => {
    const next = this.#value.take(chunk, at, this.#bytesRead)
    if (this.#value.isComplete) {
      this.#head.set(this.#key, this.#parseValue(at), this.#bytesRead + at)
      this.#state = this.#commaOrEnd
    }
    return next
  }

  readonly #commaOrEnd: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    if (chunk[at] === CLOSE_BRACE) return this.#close(at)
    if (chunk[at] !== COMMA) throw this.#unexpected(chunk, at, 'a comma')
    this.#state = this.#expectKey
    return at + 1
  }

  readonly #itemOrEnd: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    if (chunk[at] !== CLOSE_BRACKET) return this.#expectItem(chunk, at)
    this.#state = this.#commaOrEnd
    return at + 1
  }

  readonly #expectItem: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    if (chunk[at] !== OPEN_BRACE) throw this.#unexpected(chunk, at, 'an item')
    this.#value.begin(this.#maxItemBytes)
    this.#state = this.#inItem
    return at
  }

  readonly #inItem: State = (chunk, at) => {
    const next = this.#value.take(chunk, at, this.#bytesRead)
    if (!this.#value.isComplete) return next
    this.#state = this.#itemCommaOrEnd
    const source = wholeSource(this.#value.bytes, this.#value.ends)
    this.#items.push(
      this.#value.isTooLarge
        ? createSkipped(source, this.#maxItemBytes)
        : createItem(source, this.#head.typeMeta, this.#omit, this.#arena.allocate),
    )
    return next
  }

  readonly #itemCommaOrEnd: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    if (chunk[at] === COMMA) {
      this.#state = this.#expectItem
    } else if (chunk[at] === CLOSE_BRACKET) {
      this.#state = this.#commaOrEnd
    } else if (chunk[at] === OPEN_BRACE) {
      this.#value.begin(MAX_HEAD_VALUE_BYTES)
      this.#state = this.#inAppendedStatus
      return at
    } else {
      throw this.#unexpected(chunk, at, 'a comma or the end of the items')
    }
    return at + 1
  }

  /** An item that cannot be encoded makes the server append a Status to the part of the list that it has sent. */
  readonly #inAppendedStatus: State = (chunk, at) => {
    const next = this.#value.take(chunk, at, this.#bytesRead)
    if (!this.#value.isComplete) return next
    const message = readStatusMessage(this.#value.bytes)
    const offset = this.#bytesRead + at
    if (message === undefined) throw new DecodeError('ERR_DECODE_SYNTAX', 'two items without a comma', { offset })
    throw new DecodeError('ERR_DECODE_TRUNCATED', `the server gave up in the middle of the list: ${message}`, {
      offset,
    })
  }

  readonly #after: State = (chunk, at) => {
    if (isSpace(chunk[at]!)) return at + 1
    throw this.#unexpected(chunk, at, 'nothing more')
  }

  #close(at: number): number {
    this.#state = this.#after
    return at + 1
  }

  /** A key of the list, or the value of one that is not `items`. */
  #parseValue(at: number): unknown {
    const offset = this.#bytesRead + at
    if (this.#value.isTooLarge)
      throw new DecodeError('ERR_DECODE_TOO_LARGE', 'the head of the list is too large', { offset })
    try {
      return JSON.parse(this.#value.bytes.toString('utf8'))
    } catch {
      throw new DecodeError('ERR_DECODE_SYNTAX', 'a value of the list is no valid JSON', { offset })
    }
  }

  #unexpected(chunk: Buffer, at: number, expected: string): DecodeError {
    const found = `byte 0x${chunk[at]!.toString(16)}`
    return new DecodeError('ERR_DECODE_SYNTAX', `expected ${expected}, found ${found}`, {
      offset: this.#bytesRead + at,
    })
  }

  #truncated(): DecodeError {
    return new DecodeError('ERR_DECODE_TRUNCATED', 'the body ended inside the list', { offset: this.#bytesRead })
  }

  /** Errors inside an item count from the item; here they are placed in the body. */
  #inBody(error: unknown): unknown {
    if (error instanceof KubeflumeError) return error
    return new DecodeError('ERR_DECODE_SYNTAX', 'the body cannot be read', { offset: this.#bytesRead, cause: error })
  }
}
