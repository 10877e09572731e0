import { Readable, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { DecodeError, KubeflumeError } from '../api/errors.ts'
import { type Arrivals, chunksOf } from './chunks.ts'
import { type Attempt, cutError } from './network-error.ts'
import { codeOf } from './safe-cause.ts'
import { StreamArrivals } from './stream-arrivals.ts'

/** Larger pieces than zlib's own 16 KiB: fewer turns of the event loop for the same bytes. */
const INFLATED_CHUNK_BYTES = 64 * 1024

interface BodyOptions {
  readonly encoding: string | undefined
  readonly attempt: Attempt
  /** Any of these ends the reading with its reason, even of what has arrived. */
  readonly signals: readonly AbortSignal[]
  /** See `TransportRequest`. */
  readonly readsAtOnce?: boolean | undefined
}

/**
 * A body's bytes, inflated, as they arrive.
 *
 * It ends only where the server ended it: a cut connection and a cut gzip stream are errors. gzip of
 * several members is inflated on and on, and each is handed out before the next one comes: an API
 * server closes a member whenever it has nothing more to say.
 *
 * @throws {KubeflumeError} `ERR_CONTENT_TYPE` for an encoding that was not asked for. While it is
 *   read: `ERR_CONNECTION_LOST`, or `ERR_DECODE_SYNTAX` for what is not gzip.
 */
export function readBody(
  body: Arrivals,
  { encoding, attempt, signals, readsAtOnce = false }: BodyOptions,
): AsyncIterable<Uint8Array> {
  const name = encoding?.trim() || 'identity'
  const endedBy = () => signals.find((signal) => signal.aborted)
  const options = {
    readsAtOnce,
    isOver: () => endedBy() !== undefined,
    errorOf(error: unknown, inflated: number): unknown {
      const signal = endedBy()
      if (signal) return signal.reason
      return isZlibError(error) ? gzipError(error, inflated, attempt) : cutError(error, attempt)
    },
  }
  if (/^identity$/i.test(name)) return chunksOf(body, options)
  if (/^(x-)?gzip$/i.test(name)) return chunksOf(gunzipped(body), options)
  const said = attempt.redactor.text(name)
  throw new KubeflumeError(
    'ERR_CONTENT_TYPE',
    `${attempt.title}: the answer is in an encoding not asked for: ${said}`,
    {
      retryable: true,
    },
  )
}

/** `pipeline` carries errors and ends; a reader that leaves ends the body, whatever it waits for. */
function gunzipped(body: Arrivals): Arrivals {
  const compressed = Readable.from(chunksOf(body, { isOver: () => false, errorOf: (error) => error }))
  const gunzip = createGunzip({ chunkSize: INFLATED_CHUNK_BYTES }).once('close', () => body.stop())
  return new StreamArrivals(pipeline(compressed, gunzip, () => {}))
}

function isZlibError(error: unknown): boolean {
  return codeOf(error)?.startsWith('Z_') === true
}

function gzipError(error: unknown, inflated: number, attempt: Attempt): unknown {
  if (codeOf(error) === 'Z_BUF_ERROR') return cutError(error, attempt) // the compressed data just ends
  return new DecodeError('ERR_DECODE_SYNTAX', `${attempt.title}: the answer says gzip and is none`, {
    offset: inflated,
  })
}
