import { DecodeError, KubeflumeError } from '../../api/errors.ts'
import { isMetadataOnly, type Resource } from '../../api/resource.ts'
import { allocateOwn } from '../byte-arena.ts'
import type { WatchDecoder, WireEvent } from '../decoder.ts'
import type { IdentifiedObject, TypeMeta } from '../identified-object.ts'
import { asBuffer } from '../json/bytes.ts'
import { isOtherBuiltIn } from '../list-head.ts'
import type { OmitTree } from '../omit.ts'
import { type CutPlan, cutPlan } from './cut-plan.ts'
import { type Envelope, openEnvelope } from './envelope.ts'
import { LENGTH_DELIMITED, walkFields } from './fields.ts'
import { decodeMessage } from './message-decoder.ts'
import { createItem, createSkipped, ProtobufObject, readIdentity } from './object.ts'
import { RangeCollector } from './range-collector.ts'

/** The `metav1.WatchEvent` and the envelope around an object are small; this much is allowed for them. */
const EVENT_OVERHEAD_BYTES = 1024
const LENGTH_BYTES = 4
/** The fields of `metav1.WatchEvent`, and of the RawExtension that holds its object. */
const TYPE = 1
const OBJECT = 2
const RAW = 1

export interface ProtobufWatchOptions {
  readonly resource: Resource | undefined
  readonly omit: OmitTree | undefined
  readonly maxItemBytes: number
}

/** Reads frames: four bytes of length, big-endian, then a WatchEvent around an object in its envelope. */
export class ProtobufWatchDecoder<T> implements WatchDecoder<T> {
  readonly #options: ProtobufWatchOptions
  readonly #value = new RangeCollector()
  readonly #plans = new Map<string, { readonly typeMeta: TypeMeta; readonly plan: CutPlan | undefined }>()
  #place: 'between' | 'length' | 'frame' = 'between'
  #bytesRead = 0
  #failure: unknown

  constructor(options: ProtobufWatchOptions) {
    this.#options = options
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
    if (this.#place === 'between') return
    throw new DecodeError('ERR_DECODE_TRUNCATED', 'the stream ended inside an event', { offset: this.#bytesRead })
  }

  #step(chunk: Buffer, at: number, events: WireEvent<T>[]): number {
    if (this.#place === 'between') {
      this.#value.begin(LENGTH_BYTES, LENGTH_BYTES)
      this.#place = 'length'
    }
    const next = this.#value.take(chunk, at)
    if (!this.#value.isComplete) return next
    if (this.#place === 'length') {
      const length = this.#value.bytes.readUInt32BE(0)
      if (length === 0) throw this.#broken('an empty frame')
      this.#value.begin(length, this.#options.maxItemBytes + EVENT_OVERHEAD_BYTES)
      this.#place = 'frame'
    } else {
      this.#place = 'between'
      events.push(this.#readEvent(this.#value.bytes, this.#value.isTooLarge))
    }
    return next
  }

  #readEvent(bytes: Buffer, isCut: boolean): WireEvent<T> {
    const { type, envelope } = openEvent(bytes, isCut)
    const message = bytes.subarray(envelope.start, envelope.end)
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED':
        return { type, object: this.#readObject(message, envelope, isCut) }
      case 'BOOKMARK': {
        const bookmark = Uint8Array.prototype.slice.call(message)
        return { type, object: new ProtobufObject<T>(readIdentity(message), bookmark, this.#kindOf(envelope).typeMeta) }
      }
      case 'ERROR':
        return { type, status: { kind: 'Status', ...(decodeMessage('meta/v1.Status', message) as object) } }
      default:
        throw this.#broken(`an event of type ${JSON.stringify(type)}`)
    }
  }

  #readObject(message: Buffer, { kind, apiVersion, ...rest }: Envelope, isCut: boolean): IdentifiedObject<T> {
    const { resource, maxItemBytes, omit } = this.#options
    const isPartial = kind === 'PartialObjectMetadata'
    const isOther = resource !== undefined && (isPartial !== isMetadataOnly(resource) || isOtherBuiltIn(resource, kind))
    if (kind === 'Table' || kind === 'Status' || isOther) {
      throw new KubeflumeError('ERR_UNEXPECTED_KIND', `expected a watch event, found one with a ${kind}`, {
        retryable: true,
      })
    }
    if (isCut) return createSkipped<T>(message, maxItemBytes)
    const { typeMeta, plan } = this.#kindOf({ kind, apiVersion, ...rest })
    return createItem<T>(message, typeMeta, { tree: omit, plan }, allocateOwn)
  }

  /** What is known of a kind; a stream has one, as a rule. */
  #kindOf({ apiVersion, kind }: Envelope): { readonly typeMeta: TypeMeta; readonly plan: CutPlan | undefined } {
    const key = `${apiVersion}/${kind}`
    let known = this.#plans.get(key)
    if (known === undefined) {
      known = { typeMeta: { apiVersion, kind }, plan: cutPlan(this.#options.omit, apiVersion, kind) }
      this.#plans.set(key, known)
    }
    return known
  }

  #broken(what: string): DecodeError {
    return new DecodeError('ERR_DECODE_SYNTAX', `no watch event: ${what}`, { offset: this.#bytesRead })
  }
}

function openEvent(bytes: Buffer, isCut: boolean): { readonly type: string; readonly envelope: Envelope } {
  let type = ''
  let envelope: Envelope | undefined
  walkFields(
    bytes,
    0,
    bytes.length,
    (number, wireType, start, end) => {
      if (wireType !== LENGTH_DELIMITED) return
      if (number === TYPE) type = bytes.toString('utf8', start, Math.min(end, bytes.length))
      if (number === OBJECT) envelope = openRawExtension(bytes, start, Math.min(end, bytes.length), isCut)
    },
    isCut,
  )
  if (envelope === undefined) throw new DecodeError('ERR_DECODE_SYNTAX', 'an event without an object', { offset: 0 })
  return { type, envelope }
}

function openRawExtension(bytes: Buffer, from: number, to: number, isCut: boolean): Envelope | undefined {
  let envelope: Envelope | undefined
  walkFields(
    bytes,
    from,
    to,
    (number, wireType, start, end) => {
      if (number === RAW && wireType === LENGTH_DELIMITED)
        envelope = openEnvelope(bytes, start, Math.min(end, to), isCut)
    },
    isCut,
  )
  return envelope
}
