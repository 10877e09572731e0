import type { IncomingMessage } from 'node:http'
import { parse as parseYaml } from 'yaml'
import { KubeflumeError } from '../../api/errors.ts'
import { openEnvelope } from '../../decode/protobuf/envelope.ts'
import { decodeMessage, decodeObject } from '../../decode/protobuf/message-decoder.ts'
import { acceptedTypes } from '../encoding/media-type.ts'
import { badRequest, failure, unsupportedMediaType } from '../status.ts'

/** The most that a server reads (`MaxRequestBodyBytes` of apiserver `pkg/server/config.go`). */
const MAX_BYTES = 3 * 1024 * 1024

/**
 * All of a request's body. Of one that is too long the rest is read and dropped: a client that is still sending
 * it hears nothing else, and its connection is good for the next request.
 *
 * @throws {ApiError} 413
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= MAX_BYTES) chunks.push(chunk)
  }
  if (length > MAX_BYTES) {
    throw failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BYTES}`)
  }
  return Buffer.concat(chunks)
}

/**
 * What a body says, in the encoding that its content type names: JSON where it names none, YAML, or protobuf
 * in its envelope. undefined for an empty body.
 *
 * @throws {ApiError} 400, 415
 */
export function parseBody(bytes: Buffer, contentType: string | undefined): unknown {
  const [type = ''] = (contentType ?? '').split(';')
  const parse = PARSERS.get(type.trim().toLowerCase())
  if (parse === undefined) throw unsupportedMediaType(acceptedTypes('object'))
  return bytes.length === 0 ? undefined : parsed(parse, bytes)
}

/** @throws {ApiError} 400 */
export function parseJsonBody(bytes: Buffer): unknown {
  return bytes.length === 0 ? undefined : parsed(parseJson, bytes)
}

/** @throws {ApiError} 400 */
export function parseYamlBody(bytes: Buffer): unknown {
  return bytes.length === 0 ? undefined : parsed(parseText, bytes)
}

type Parse = (bytes: Buffer) => unknown

const PARSERS: ReadonlyMap<string, Parse> = new Map([
  ['', parseJson],
  ['application/json', parseJson],
  ['application/yaml', parseText],
  ['application/vnd.kubernetes.protobuf', parseProtobuf],
])

function parsed(parse: Parse, bytes: Buffer): unknown {
  try {
    return parse(bytes)
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${(error as Error).message}`)
  }
}

function parseJson(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString()) as unknown
}

function parseText(bytes: Buffer): unknown {
  return parseYaml(bytes.toString(), { version: '1.1', schema: 'core', maxAliasCount: 100 }) as unknown
}

/** Options have one message, whatever group and version they are sent in. */
const OPTIONS = 'DeleteOptions'

function parseProtobuf(bytes: Buffer): unknown {
  const { apiVersion, kind, start, end } = openEnvelope(bytes, 0, bytes.length)
  const raw = bytes.subarray(start, end)
  if (kind === '') throw new KubeflumeError('ERR_UNEXPECTED_KIND', 'the envelope names no kind')
  const object = kind === OPTIONS ? decodeMessage(`meta/v1.${OPTIONS}`, raw) : decodeObject(apiVersion, kind, raw)
  // The decoder leaves getters for what is rarely read; a request is kept as plain values.
  return { ...(JSON.parse(JSON.stringify(object)) as object), apiVersion, kind }
}
