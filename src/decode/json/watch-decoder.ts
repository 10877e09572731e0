import { DecodeError, KubeflumeError } from '../../api/errors.ts'
import { apiVersionOf, isMetadataOnly, type Resource } from '../../api/resource.ts'
import { allocateOwn } from '../byte-arena.ts'
import type { WatchDecoder, WireEvent } from '../decoder.ts'
import type { IdentifiedObject, TypeMeta } from '../identified-object.ts'
import { isOtherBuiltIn } from '../list-head.ts'
import type { OmitTree } from '../omit.ts'
import { asBuffer, isSpace, OPEN_BRACE, QUOTE } from './bytes.ts'
import { createItem, createSkipped, type ItemSource, JsonObject, readIdentity } from './item.ts'
import type { NestedEnds } from './nested-ends.ts'
import { readString } from './text.ts'
import { ValueCollector } from './value-collector.ts'
import { type MemberVisitor, walkMembers } from './walk.ts'

/** The `{"type":…,"object":…}` around an object is small; this much is allowed for it. */
const EVENT_OVERHEAD_BYTES = 1024

export interface JsonWatchOptions {
  readonly resource: Resource | undefined
  readonly omit: OmitTree | undefined
  readonly maxItemBytes: number
}

/** Reads `{"type":"ADDED","object":{…}}`, one after another with or without white space between them. */
export class JsonWatchDecoder<T> implements WatchDecoder<T> {
  readonly #options: JsonWatchOptions
  readonly #typeMeta: TypeMeta
  readonly #value = new ValueCollector()
  #isInEvent = false
  #bytesRead = 0
  #failure: unknown

  constructor(options: JsonWatchOptions) {
    this.#options = options
    const { resource } = options
    this.#typeMeta = { apiVersion: resource && apiVersionOf(resource), kind: resource?.kind }
  }

  push(chunk: Uint8Array): readonly WireEvent<T>[] {
    if (this.#failure !== undefined) throw this.#failure
    const events: WireEvent<T>[] = []
    const buffer = asBuffer(chunk)
    let at = 0
    try {
      while (at < buffer.length) at = this.#step(buffer, at, events)
    } catch (error) {
      this.#failure = error
      if (events.length === 0) throw error
    }
    this.#bytesRead += chunk.length
    return events
  }

  end(): void {
    if (this.#failure !== undefined) throw this.#failure
    if (!this.#isInEvent) return
    throw new DecodeError('ERR_DECODE_TRUNCATED', 'the stream ended inside an event', { offset: this.#bytesRead })
  }

  #step(chunk: Buffer, at: number, events: WireEvent<T>[]): number {
    if (!this.#isInEvent) {
      if (isSpace(chunk[at]!)) return at + 1
      if (chunk[at] !== OPEN_BRACE) {
        const found = `byte 0x${chunk[at]!.toString(16)}`
        throw new DecodeError('ERR_DECODE_SYNTAX', `expected an event, found ${found}`, {
          offset: this.#bytesRead + at,
        })
      }
      this.#value.begin(this.#options.maxItemBytes + EVENT_OVERHEAD_BYTES)
      this.#isInEvent = true
    }
    const next = this.#value.take(chunk, at, this.#bytesRead)
    if (this.#value.isComplete) {
      this.#isInEvent = false
      events.push(this.#readEvent(this.#value.bytes))
    }
    return next
  }

  #readEvent(bytes: Buffer): WireEvent<T> {
    const { type, kind, start, end } = locate(bytes, this.#value.ends)
    const source: ItemSource = { bytes, ends: this.#value.ends, start, end, depth: 2 }
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED':
        return { type, object: this.#readObject(source) }
      case 'BOOKMARK':
        return { type, object: readBookmark<T>(source, this.#typeMeta) }
      case 'ERROR':
        return { type, status: this.#readStatus(bytes.toString('utf8', start, end)) }
      default:
        if (type === undefined && kind !== undefined) throw unexpectedKind(`a ${kind}`)
        throw new DecodeError('ERR_DECODE_SYNTAX', `an event of type ${JSON.stringify(type)}`, {
          offset: this.#bytesRead,
        })
    }
  }

  #readStatus(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      // V8's message quotes the text
      throw new DecodeError('ERR_DECODE_SYNTAX', 'an ERROR event that is no JSON', { offset: this.#bytesRead })
    }
  }

  #readObject(source: ItemSource): IdentifiedObject<T> {
    const { maxItemBytes, omit, resource } = this.#options
    const kind = readIdentity(source, undefined, []).kind
    if (kind === 'Table' || kind === 'Status') throw unexpectedKind(`an event with a ${kind}`)
    if (resource !== undefined && (kind === 'PartialObjectMetadata') !== isMetadataOnly(resource)) {
      throw unexpectedKind(`an event with a ${kind ?? 'nameless kind'}`)
    }
    if (resource !== undefined && kind !== undefined && isOtherBuiltIn(resource, kind)) {
      throw unexpectedKind(`an event with a ${kind}`)
    }
    if (this.#value.isTooLarge) return createSkipped(source, maxItemBytes)
    return createItem(source, this.#typeMeta, omit, allocateOwn)
  }
}

interface EventParts {
  type: string | undefined
  /** Only what is no event has one at its top: a list, a Status. */
  kind: string | undefined
  /** The object. */
  start: number
  end: number
}

/** Finds the parts of an event, in whatever order. Of a too large one the object is there as far as it was kept. */
function locate(bytes: Buffer, ends: NestedEnds): EventParts {
  const parts: EventParts = { type: undefined, kind: undefined, start: 0, end: 0 }
  const visit: MemberVisitor = (key, _keyStart, valueStart, valueEnd) => {
    if (key === 'type' && bytes[valueStart] === QUOTE) parts.type = readString(bytes, valueStart, valueEnd)
    if (key === 'kind' && bytes[valueStart] === QUOTE) parts.kind = readString(bytes, valueStart, valueEnd)
    if (key === 'object') {
      parts.start = valueStart
      parts.end = valueEnd
    }
    return true
  }
  const end = walkMembers(bytes, 0, visit, { ends, depth: 1 })
  if (end === -1 && parts.end === 0) {
    const marker = bytes.indexOf('"object":')
    parts.start = marker === -1 ? 0 : bytes.indexOf('{', marker)
    parts.end = bytes.length
  }
  return parts
}

/** A bookmark is an object with a resourceVersion and nothing else: it has no name, and so no key. */
function readBookmark<T>(source: ItemSource, typeMeta: TypeMeta): JsonObject<T> {
  const { bytes, start, end } = source
  const own = Uint8Array.prototype.slice.call(bytes, start, end)
  return new JsonObject<T>(readIdentity(source, undefined, []), own, typeMeta)
}

function unexpectedKind(found: string): KubeflumeError {
  return new KubeflumeError('ERR_UNEXPECTED_KIND', `expected a watch event, found ${found}`, { retryable: true })
}
