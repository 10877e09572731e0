import type { Readable } from 'node:stream'
import { EventReader } from './event-reader.ts'
import type { Exchange } from './exchange.ts'

/** How long an event may take to come. A watch that ends by itself says so before. */
const PATIENCE_MS = 8_000

export interface Event {
  readonly type: string
  readonly object: { readonly metadata?: { readonly resourceVersion?: string; readonly name?: string } }
}

/** An open watch. What a case takes from it is recorded, in order; the rest is not. */
export class Watch {
  readonly #body: Readable
  readonly #reader: EventReader
  readonly #waiting: Event[] = []
  readonly #events: unknown[] = []
  #isEnded = false
  #hasBookmark = false
  #wake: () => void = () => {}

  constructor(exchange: Exchange, body: Readable) {
    this.#body = body
    this.#reader = new EventReader(exchange.headers['content-type'] ?? '')
    exchange.body = this.#events
    body.on('data', (chunk: Buffer) => this.#push(chunk))
    body.once('close', () => this.#end())
    body.once('end', () => this.#end())
    body.once('error', () => this.#end())
  }

  /** The next events; fewer where the watch ends or nothing comes, and the transcript says so. */
  async take(howMany: number): Promise<Event[]> {
    const taken: Event[] = []
    while (taken.length < howMany) {
      const event = await this.#next(PATIENCE_MS)
      if (event === undefined) break
      taken.push(event)
    }
    return taken
  }

  /** Events up to one for which it holds, that one included. */
  async until(isLast: (event: Event) => boolean): Promise<Event[]> {
    const taken: Event[] = []
    for (;;) {
      const event = await this.#next(PATIENCE_MS)
      if (event === undefined) return taken
      taken.push(event)
      if (isLast(event)) return taken
    }
  }

  /** Everything until the server ends the watch. */
  async rest(): Promise<Event[]> {
    return this.until(() => false)
  }

  close(): void {
    this.#body.destroy()
  }

  async #next(patienceMs: number): Promise<Event | undefined> {
    await this.#somethingNew(patienceMs)
    const event = this.#waiting.shift()
    this.#events.push(event ?? (this.#isEnded ? 'the watch ended' : 'nothing came'))
    return event
  }

  async #somethingNew(patienceMs: number): Promise<void> {
    if (this.#waiting.length > 0 || this.#isEnded) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    const timer = setTimeout(resolve, patienceMs)
    await promise
    clearTimeout(timer)
  }

  #push(chunk: Buffer): void {
    try {
      this.#waiting.push(...(this.#reader.push(chunk) as Event[]).filter((event) => this.#isRecorded(event)))
    } catch (error) {
      this.#events.push(`unreadable: ${String(error)}`)
      this.close()
    }
    if (this.#waiting.length > 0) this.#wake()
  }

  /** Of bookmarks only the first one is: when others come depends on the clock, and on what else is written. */
  #isRecorded({ type }: Event): boolean {
    if (type !== 'BOOKMARK') return true
    const isFirst = !this.#hasBookmark
    this.#hasBookmark = true
    return isFirst
  }

  #end(): void {
    this.#isEnded = true
    this.#wake()
  }
}
