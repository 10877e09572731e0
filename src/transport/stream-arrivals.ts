import { type Readable, finished } from 'node:stream'
import { ArrivalBell } from './arrival-bell.ts'
import { type Arrivals, MAX_WAITING_BYTES } from './chunks.ts'

/**
 * What a stream has brought. A Readable's own iterator joins what has arrived into one buffer and stops its source at
 * each turn, which costs as much as reading it. Here chunks wait in a list, up to a limit.
 */
export class StreamArrivals implements Arrivals {
  readonly #stream: Readable
  readonly #bell = new ArrivalBell()
  readonly #stopListening: () => void
  #chunks: Uint8Array[] = []
  #bytes = 0
  #end: { readonly error: unknown } | undefined

  constructor(stream: Readable) {
    this.#stream = stream
    stream.on('data', (chunk: Uint8Array) => {
      this.#chunks.push(chunk)
      this.#bytes += chunk.length
      if (this.#bytes >= MAX_WAITING_BYTES) stream.pause()
      this.#bell.ring()
    })
    this.#stopListening = finished(stream, { writable: false }, (error) => {
      this.#end = { error }
      this.#bell.ring()
    })
  }

  get isEmpty(): boolean {
    return this.#bytes === 0
  }

  get end(): { readonly error: unknown } | undefined {
    return this.#end
  }

  take(): readonly Uint8Array[] {
    const taken = this.#chunks
    this.#chunks = []
    this.#bytes = 0
    if (this.#stream.isPaused()) this.#stream.resume()
    return taken
  }

  next(): Promise<void> {
    return this.#bell.next()
  }

  stop(): void {
    this.#stopListening()
    this.#stream.destroy()
  }
}
