import type { StatusBody } from '../status.ts'
import type { BackwardWriter } from './backward-writer.ts'
import { writeTyped } from './protobuf-encoder.ts'

const MAGIC = Buffer.from('k8s\0')
const API_VERSION = 0x0a
const KIND = 0x12
const TYPE_META = 0x0a
const RAW = 0x12
/** An empty contentEncoding and an empty contentType: Go writes them always. */
export const ENVELOPE_TAIL: Buffer = Buffer.of(0x1a, 0, 0x22, 0)

/**
 * Puts the beginning of the envelope before what has been written: the prefix of Kubernetes protobuf, the
 * kind, and the length of the raw message, of which `rawLength` bytes lie behind (`runtime.Unknown`).
 */
export function openEnvelope(out: BackwardWriter, apiVersion: string, kind: string, rawLength: number): void {
  out.prefix(RAW, rawLength)
  const before = out.length
  writeText(out, KIND, kind)
  writeText(out, API_VERSION, apiVersion)
  out.prefix(TYPE_META, out.length - before)
  out.bytes(MAGIC)
}

/** An object with its envelope. */
export function writeEnveloped(
  out: BackwardWriter,
  { apiVersion, kind, message }: { readonly apiVersion: string; readonly kind: string; readonly message: string },
  value: object,
): void {
  out.bytes(ENVELOPE_TAIL)
  const before = out.length
  writeTyped(out, message, value)
  openEnvelope(out, apiVersion, kind, out.length - before)
}

export function writeText(out: BackwardWriter, tag: number, text: string): void {
  const before = out.length
  out.text(text)
  out.prefix(tag, out.length - before)
}

const STATUS = { apiVersion: 'v1', kind: 'Status', message: 'meta/v1.Status' }

export function writeStatus(out: BackwardWriter, status: StatusBody): void {
  writeEnveloped(out, STATUS, status)
}
