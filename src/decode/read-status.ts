import { encodingOf } from './create-decoder.ts'
import { openEnvelope } from './protobuf/envelope.ts'
import { decodeMessage } from './protobuf/message-decoder.ts'

/**
 * Reads the body of an error in the encoding that its Content-Type names: a server answers in protobuf who
 * asked for protobuf, errors included.
 *
 * @throws whatever says that it cannot be read
 */
export function readStatus(contentType: string, bytes: Uint8Array): unknown {
  if (encodingOf(contentType) === 'json') return JSON.parse(Buffer.from(bytes).toString('utf8'))
  const { kind, apiVersion, start, end } = openEnvelope(bytes, 0, bytes.length)
  return { kind, apiVersion, ...(decodeMessage('meta/v1.Status', bytes.subarray(start, end)) as object) }
}
