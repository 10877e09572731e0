import { type Readable, finished } from 'node:stream'
import { giveBack, isReceived } from './receive-buffers.ts'
import { WaitingChunks } from './waiting-chunks.ts'

/** What may wait for a reader that is busy, before the socket is told to wait too. */
const MAX_WAITING_BYTES = 256 * 1024

interface ChunkOptions {
  /** Whether nobody wants what is still waiting. */
  readonly isOver: () => boolean
  /** What the reader gets to see of an error, after this many bytes. Called too when it is over. */
  readonly errorOf: (error: unknown, bytes: number) => unknown
  /** Whether the reader keeps nothing of a chunk once it asks for the next one: then its memory is read into again. */
  readonly readsAtOnce?: boolean
}

/**
 * A stream's chunks as they came, without a copy; joined where they came in one buffer, and the reader keeps nothing.
 *
 * A Readable's own iterator joins what has arrived into one buffer and stops the socket at each turn,
 * which costs as much as reading it. Here chunks wait in a list, up to a limit.
 *
 * What came before an error is handed out before it. Leaving the iteration destroys the stream.
 */
export async function* chunksOf(
  stream: Readable,
  { isOver, errorOf, readsAtOnce = false }: ChunkOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const arrivals = listen(stream, readsAtOnce)
  let bytes = 0
  let last: Uint8Array | undefined
  let isFirst = true
  try {
    for (;;) {
      for (const chunk of arrivals.take()) {
        if (isOver()) throw errorOf(undefined, bytes)
        bytes += chunk.length
        // Buffers come in order, so a part of the next one says that all parts of the last one have come. In the
        // first one there may be the end of the answer before, which someone else has not read yet. What undici has
        // put together of two is neither.
        if (readsAtOnce && isReceived(chunk)) {
          if (last !== undefined && last.buffer !== chunk.buffer) {
            if (!isFirst) giveBack(last)
            isFirst = false
          }
          last = chunk
        }
        yield chunk
      }
      if (arrivals.isEmpty()) {
        const end = arrivals.end()
        if (end?.error) throw errorOf(end.error, bytes)
        if (end) return
        await arrivals.next()
      }
    }
  } finally {
    arrivals.stop()
    stream.destroy()
  }
}

function listen(stream: Readable, joins: boolean) {
  const waiting = new WaitingChunks(joins)
  let end: { readonly error: unknown } | undefined
  let wake = () => {}
  stream.on('data', (chunk: Uint8Array) => {
    waiting.add(chunk)
    if (waiting.bytes >= MAX_WAITING_BYTES) stream.pause()
    wake()
  })
  const stop = finished(stream, { writable: false }, (error) => {
    end = { error }
    wake()
  })
  return {
    take(): readonly Uint8Array[] {
      const taken = waiting.take()
      if (stream.isPaused()) stream.resume()
      return taken
    },
    isEmpty: () => waiting.isEmpty,
    end: () => end,
    /** Only to be called when nothing waits and there is no end. What comes in the same turn is taken together. */
    next: () =>
      new Promise<void>((resolve) => {
        wake = () => {
          wake = () => {}
          setImmediate(resolve)
        }
      }),
    stop,
  }
}
