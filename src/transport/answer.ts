import type { Dispatcher } from 'undici'
import { type Deferred, deferred } from '../internal/deferred.ts'
import { ArrivalBell } from './arrival-bell.ts'
import { Backpressure } from './backpressure.ts'
import { type Arrivals, MAX_WAITING_BYTES } from './chunks.ts'
import { WaitingChunks } from './waiting-chunks.ts'

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2]

export interface AnswerHead {
  readonly status: number
  /** Of what came more than once, the first. */
  readonly header: (name: string) => string | undefined
}

/**
 * The answer to one request, as undici calls it in: its head, then a chunk after the other. A Readable in between,
 * as `request` makes one, costs more for each chunk than reading it does.
 */
export class Answer implements Dispatcher.DispatchHandler, Arrivals {
  readonly #readsAtOnce: boolean
  readonly #head: Deferred<AnswerHead> = deferred()
  readonly #over: Deferred<void> = deferred()
  readonly #bell = new ArrivalBell()
  #waiting = new WaitingChunks(false)
  readonly #backpressure = new Backpressure(() => this.#isFull && this.#end === undefined)
  #controller: Dispatcher.DispatchController | undefined
  #end: { readonly error: unknown } | undefined

  /** @param readsAtOnce see `TransportRequest` */
  constructor(readsAtOnce: boolean) {
    this.#readsAtOnce = readsAtOnce
  }

  /** Rejects where the request fails before it is answered. */
  get head(): Promise<AnswerHead> {
    return this.#head.promise
  }

  /** Resolves when it has been read to its end, has failed, or nobody wants it. */
  get over(): Promise<void> {
    return this.#over.promise
  }

  get isEmpty(): boolean {
    return this.#waiting.isEmpty
  }

  get end(): { readonly error: unknown } | undefined {
    return this.#end
  }

  take(): readonly Uint8Array[] {
    const taken = this.#waiting.take()
    this.#backpressure.release()
    return taken
  }

  next(): Promise<void> {
    return this.#bell.next()
  }

  /** Its connection goes with it, where more is to come: what is left on it is of unknown length. */
  stop(): void {
    this.abort(new Error('nobody reads the answer'))
  }

  /** Ends it wherever it is; what it still was to bring ends with the reason. */
  abort(reason: unknown): void {
    this.#over.resolve()
    if (this.#end !== undefined) return
    this.#finish(reason)
    this.#controller?.abort(reason as Error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#end !== undefined) controller.abort(this.#end.error as Error)
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return
    const header = (name: string): string | undefined => {
      const value = headers[name]
      return typeof value === 'object' ? value[0] : value
    }
    // what is compressed is read by a thread, in its own time
    this.#waiting = new WaitingChunks(this.#readsAtOnce && header('content-encoding') === undefined)
    this.#head.resolve({ status, header })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#waiting.add(chunk)
    if (this.#isFull) this.#backpressure.apply(chunk, controller)
    this.#bell.ring()
  }

  onResponseEnd(): void {
    this.#end ??= { error: undefined }
    this.#backpressure.release()
    this.#bell.ring()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#end === undefined) this.#finish(error)
  }

  get #isFull(): boolean {
    return this.#waiting.bytes >= MAX_WAITING_BYTES
  }

  #finish(error: unknown): void {
    this.#end = { error }
    this.#head.reject(error)
    this.#over.resolve()
    this.#bell.ring()
  }
}
