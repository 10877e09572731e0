import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import { ByteArena } from './byte-arena.ts'
import { DEFAULT_MAX_ITEM_BYTES, type DecoderOptions, type ListDecoder, type WatchDecoder } from './decoder.ts'
import { JsonListDecoder } from './json/list-decoder.ts'
import { ListHead } from './list-head.ts'
import { TokenListDecoder } from './json/token-list-decoder.ts'
import { JsonWatchDecoder } from './json/watch-decoder.ts'
import { omitTree } from './omit.ts'
import { ProtobufListDecoder } from './protobuf/list-decoder.ts'
import { ProtobufWatchDecoder } from './protobuf/watch-decoder.ts'

/** The encodings, by media type. */
const ENCODINGS: { readonly [mediaType: string]: 'json' | 'protobuf' } = {
  'application/json': 'json',
  'application/vnd.kubernetes.protobuf': 'protobuf',
}

/**
 * Makes the decoder for one LIST body.
 *
 * @throws {KubeflumeError} `ERR_CONTENT_TYPE` for an encoding that is not known, `ERR_OPTION`
 */
export function createListDecoder<T extends KubernetesObject = KubernetesObject>(
  options: DecoderOptions<T>,
): ListDecoder<T> {
  return createArenaDecoder(options, new ByteArena())
}

/** As `createListDecoder`, with the bytes of the items in an arena that the caller can reuse. */
export function createArenaDecoder<T extends KubernetesObject>(
  options: DecoderOptions<T>,
  arena: ByteArena,
): ListDecoder<T> {
  const encoding = encodingOf(options.contentType)
  const parts = {
    head: new ListHead(options.resource),
    omit: omitTree(options.omit),
    maxItemBytes: maxItemBytesOf(options),
    arena,
  }
  if (encoding === 'protobuf') return new ProtobufListDecoder<T>(parts)
  return options.decoder === 'tokens' ? new TokenListDecoder<T>(parts) : new JsonListDecoder<T>(parts)
}

/**
 * Makes the decoder for one WATCH stream.
 *
 * @throws {KubeflumeError} `ERR_CONTENT_TYPE` for an encoding that is not known, `ERR_OPTION`
 */
export function createWatchDecoder<T extends KubernetesObject = KubernetesObject>(
  options: DecoderOptions<T>,
): WatchDecoder<T> {
  const encoding = encodingOf(options.contentType)
  const parts = { resource: options.resource, omit: omitTree(options.omit), maxItemBytes: maxItemBytesOf(options) }
  return encoding === 'protobuf' ? new ProtobufWatchDecoder<T>(parts) : new JsonWatchDecoder<T>(parts)
}

/**
 * Reads the encoding from a Content-Type.
 *
 * @throws {KubeflumeError} `ERR_CONTENT_TYPE`
 */
export function encodingOf(contentType: string): 'json' | 'protobuf' {
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase()
  const encoding = Object.hasOwn(ENCODINGS, mediaType) ? ENCODINGS[mediaType] : undefined
  if (encoding !== undefined) return encoding
  throw new KubeflumeError('ERR_CONTENT_TYPE', `cannot decode ${JSON.stringify(contentType)}`, { retryable: true })
}

function maxItemBytesOf(options: DecoderOptions): number {
  const limit = options.maxItemBytes ?? DEFAULT_MAX_ITEM_BYTES
  if (Number.isSafeInteger(limit) && limit > 0) return limit
  throw new KubeflumeError('ERR_OPTION', `maxItemBytes is ${limit}: expected a whole number above 0`)
}
