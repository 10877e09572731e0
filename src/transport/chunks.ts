import { giveBack, isReceived } from './receive-buffers.ts'

/** So much may wait for a reader that is busy, before what brings it is told to wait too. */
export const MAX_WAITING_BYTES: number = 256 * 1024

/** What has come of a body, and waits for its reader. */
export interface Arrivals {
  /** All that waits; then more may come. */
  take(): readonly Uint8Array[]
  readonly isEmpty: boolean
  /** Why nothing will come any more; without an error, it is whole. */
  readonly end: { readonly error: unknown } | undefined
  /** Resolves when there is more, or an end. Only to be called when nothing waits and there is no end. */
  next(): Promise<void>
  /** Nobody wants the rest. */
  stop(): void
}

interface ChunkOptions {
  /** Whether nobody wants what is still waiting. */
  readonly isOver: () => boolean
  /** What the reader gets to see of an error, after this many bytes. Called too when it is over. */
  readonly errorOf: (error: unknown, bytes: number) => unknown
  /** Whether the reader keeps nothing of a chunk once it asks for the next one: then its memory is read into again. */
  readonly readsAtOnce?: boolean
}

/**
 * A body's chunks as they came, without a copy. What came before an error is handed out before it; leaving the
 * iteration ends the body, also before its first chunk and while one is waited for.
 */
export function chunksOf(arrivals: Arrivals, options: ChunkOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = iterate(arrivals, options)
  const leave = chunks.return.bind(chunks)
  chunks.return = (value) => {
    arrivals.stop() // a generator that has not begun has no `finally`
    return leave(value)
  }
  return chunks
}

async function* iterate(
  arrivals: Arrivals,
  { isOver, errorOf, readsAtOnce = false }: ChunkOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
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
      if (arrivals.isEmpty) {
        const { end } = arrivals
        if (end?.error || isOver()) throw errorOf(end?.error, bytes) // a reason may be null
        if (end) return
        await arrivals.next()
      }
    }
  } finally {
    arrivals.stop()
  }
}
