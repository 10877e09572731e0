import { KubeflumeError } from '../api/errors.ts'
import type { WireObject } from '../api/wire-object.ts'
import type { WireEvent } from '../decode/decoder.ts'
import { readWirePath } from '../decode/read-path.ts'
import type { Clock } from '../internal/clock.ts'
import { eventError } from './reflector-errors.ts'
import type { WatchStream } from './watch-stream.ts'

/** A server sends a state as fast as it is read: so long without an item, and it has none to send. */
const SILENCE_MS = 15_000
const MAX_MS = 10 * 60_000
const END_MARK = ['metadata', 'annotations', 'k8s.io/initial-events-end']

/** Takes the state that a watch-list begins with. */
export interface WatchListSink<T> {
  onItem(object: WireObject<T>): void
  onModified(object: WireObject<T>): void
  onDeleted(object: WireObject<T>): void
}

/**
 * Reads a watch up to the bookmark that says: all that was there has been sent. Returns its version; what
 * the stream brings after it are ordinary events (KEP-3157).
 *
 * Only items keep it alive before that: a server that knows the request and not the bookmark goes on
 * telling of changes for ever.
 *
 * @throws {KubeflumeError} `ERR_SERVER_SILENT` after 15 s without an item, or ten minutes;
 *   `ERR_CONNECTION_LOST` where it was not answered, or ended before the bookmark; `ERR_NO_RESOURCE_VERSION`;
 *   {@link ApiError}
 */
export async function readWatchList<T>(stream: WatchStream<T>, sink: WatchListSink<T>, clock: Clock): Promise<string> {
  stream.expectWithin(SILENCE_MS)
  for (let events = await opened(stream); events !== undefined; events = await stream.next()) {
    const end = events.findIndex(isEndMark)
    const initial = end === -1 ? events : events.slice(0, end)
    for (const event of initial) take(event, sink)
    if (end !== -1) {
      stream.putBack(events.slice(end + 1))
      stream.expectWithin()
      return versionOf(events[end]!)
    }
    if (clock.now() - stream.startedAt > MAX_MS) throw endless()
    if (initial.some(({ type }) => type === 'ADDED')) stream.expectWithin(SILENCE_MS)
  }
  throw new KubeflumeError('ERR_CONNECTION_LOST', 'the watch-list ended before its state was whole', {
    retryable: true,
  })
}

/** Who gives no answer at all says nothing of watch-lists: that connection is dead. */
async function opened<T>(stream: WatchStream<T>): Promise<readonly WireEvent<T>[] | undefined> {
  try {
    return await stream.next()
  } catch (error) {
    if (stream.hasOpened || !(error instanceof KubeflumeError) || error.code !== 'ERR_SERVER_SILENT') throw error
    const options = { cause: error, retryable: true }
    throw new KubeflumeError('ERR_CONNECTION_LOST', `the watch-list was not answered: ${error.message}`, options)
  }
}

function take<T>(event: WireEvent<T>, sink: WatchListSink<T>): void {
  switch (event.type) {
    case 'ADDED':
      return sink.onItem(event.object)
    case 'MODIFIED':
      return sink.onModified(event.object)
    case 'DELETED':
      return sink.onDeleted(event.object)
    case 'ERROR':
      throw eventError(event.status)
    case 'BOOKMARK':
      return undefined // one of another kind: a sign of life, and no item
    default:
      return event satisfies never
  }
}

function isEndMark<T>(event: WireEvent<T>): boolean {
  return event.type === 'BOOKMARK' && readWirePath(event.object, END_MARK).includes('true')
}

function versionOf<T>(event: WireEvent<T>): string {
  const version = event.type === 'BOOKMARK' ? event.object.resourceVersion : ''
  if (version !== '') return version
  throw new KubeflumeError('ERR_NO_RESOURCE_VERSION', 'the watch-list has no resourceVersion', { retryable: true })
}

function endless(): KubeflumeError {
  return new KubeflumeError('ERR_SERVER_SILENT', 'a watch-list was not over after 10 minutes', { retryable: true })
}
