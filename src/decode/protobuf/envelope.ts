import { DecodeError } from '../../api/errors.ts'
import { asBuffer } from '../json/bytes.ts'
import { LENGTH_DELIMITED, walkFields } from './fields.ts'

/** What every protobuf body and object of the API begins with. Any other prefix means another encoding. */
export const MAGIC: Uint8Array = Uint8Array.of(0x6b, 0x38, 0x73, 0x00)

/** `runtime.Unknown`: what an object is, and its message. */
export interface Envelope {
  readonly apiVersion: string
  readonly kind: string
  /** Where the message of the object lies. */
  readonly start: number
  readonly end: number
}

/** The fields of `runtime.Unknown` and of its TypeMeta. */
export const TYPE_META = 1
export const RAW = 2
const API_VERSION = 1
const KIND = 2

/**
 * Opens the envelope at `[from, to)`. With `isCut` its message may go on behind the end.
 *
 * @throws {DecodeError} `ERR_DECODE_SYNTAX`
 */
export function openEnvelope(bytes: Uint8Array, from: number, to: number, isCut = false): Envelope {
  if (MAGIC.some((byte, i) => bytes[from + i] !== byte)) {
    throw new DecodeError('ERR_DECODE_SYNTAX', 'an object without the prefix of Kubernetes protobuf', { offset: from })
  }
  let typeMeta = { apiVersion: '', kind: '' }
  let start = to
  let end = to
  walkFields(
    bytes,
    from + MAGIC.length,
    to,
    (number, wireType, valueStart, valueEnd) => {
      if (wireType !== LENGTH_DELIMITED) return
      if (number === TYPE_META) typeMeta = readTypeMeta(bytes, valueStart, Math.min(valueEnd, to))
      if (number === RAW) [start, end] = [valueStart, Math.min(valueEnd, to)]
    },
    isCut,
  )
  return { ...typeMeta, start, end }
}

export function readTypeMeta(bytes: Uint8Array, from: number, to: number): { apiVersion: string; kind: string } {
  const buffer = asBuffer(bytes)
  const typeMeta = { apiVersion: '', kind: '' }
  walkFields(bytes, from, to, (number, wireType, start, end) => {
    if (wireType !== LENGTH_DELIMITED) return
    if (number === API_VERSION) typeMeta.apiVersion = buffer.toString('utf8', start, end)
    if (number === KIND) typeMeta.kind = buffer.toString('utf8', start, end)
  })
  return typeMeta
}
