import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import { DEFAULT_MAX_ITEM_BYTES, type DecoderOptions, type ListDecoder, type WatchDecoder } from './decoder.ts'
import { JsonListDecoder } from './json/list-decoder.ts'
import { ListHead } from './json/list-head.ts'
import { TokenListDecoder } from './json/token-list-decoder.ts'
import { JsonWatchDecoder } from './json/watch-decoder.ts'
import { omitTree } from './omit.ts'

/**
 * Makes the decoder for one LIST body.
 *
 * @throws {KubeflumeError} `ERR_CONTENT_TYPE` for an encoding that is not known, `ERR_OPTION`
 */
export function createListDecoder<T extends KubernetesObject = KubernetesObject>(
  options: DecoderOptions<T>,
): ListDecoder<T> {
  requireJson(options.contentType)
  const json = {
    head: new ListHead(options.resource),
    omit: omitTree(options.omit),
    maxItemBytes: maxItemBytesOf(options),
  }
  return options.decoder === 'tokens' ? new TokenListDecoder<T>(json) : new JsonListDecoder<T>(json)
}

/**
 * Makes the decoder for one WATCH stream.
 *
 * @throws {KubeflumeError} `ERR_CONTENT_TYPE` for an encoding that is not known, `ERR_OPTION`
 */
export function createWatchDecoder<T extends KubernetesObject = KubernetesObject>(
  options: DecoderOptions<T>,
): WatchDecoder<T> {
  requireJson(options.contentType)
  return new JsonWatchDecoder<T>({
    resource: options.resource,
    omit: omitTree(options.omit),
    maxItemBytes: maxItemBytesOf(options),
  })
}

function requireJson(contentType: string): void {
  const mediaType = contentType.split(';', 1)[0]!.trim().toLowerCase()
  if (mediaType === 'application/json') return
  throw new KubeflumeError('ERR_CONTENT_TYPE', `cannot decode ${JSON.stringify(contentType)}`, { retryable: true })
}

function maxItemBytesOf(options: DecoderOptions): number {
  const limit = options.maxItemBytes ?? DEFAULT_MAX_ITEM_BYTES
  if (Number.isSafeInteger(limit) && limit > 0) return limit
  throw new KubeflumeError('ERR_OPTION', `maxItemBytes is ${limit}: expected a whole number above 0`)
}
