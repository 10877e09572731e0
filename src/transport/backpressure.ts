import { connectionOf, type Pausable } from './receive-buffers.ts'

/**
 * Keeps an answer from bringing more while its reader is busy.
 *
 * undici's parser, when it is told to wait, puts back what it has not read of a buffer, and one more is read: both are
 * then joined, in memory that nobody uses again. So what is held is the connection, where it is known.
 */
export class Backpressure {
  readonly #isNeeded: () => boolean
  #held: Pausable | undefined
  #isDue = false

  /** @param isNeeded asked again before a connection is held: one whose answer has ended may be another's already */
  constructor(isNeeded: () => boolean) {
    this.#isNeeded = isNeeded
  }

  /**
   * @param chunk what came last
   * @param parser what is told to wait where nobody knows the connection
   */
  apply(chunk: Uint8Array, parser: Pausable): void {
    const connection = connectionOf(chunk)
    if (connection === undefined) {
      this.#held = parser
      parser.pause()
    } else if (!this.#isDue) {
      this.#isDue = true
      // undici lets its connection go on once more, when it has read the chunk
      queueMicrotask(() => this.#hold(connection))
    }
  }

  release(): void {
    const held = this.#held
    this.#held = undefined
    held?.resume()
  }

  #hold(connection: Pausable): void {
    this.#isDue = false
    const isParserHeld = this.#held !== undefined && this.#held !== connection
    if (isParserHeld || !this.#isNeeded()) return
    this.#held = connection
    connection.pause()
  }
}
