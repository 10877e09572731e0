import { isReceived } from './receive-buffers.ts'

/**
 * Chunks that wait for their reader. kube-apiserver sends a list in pieces of 1 to 2 KiB, each with its length in front
 * of it, and what a chunk costs on its way to the decoder is more than what its bytes do. So what lies in one buffer
 * of a connection is moved together there: over the lengths between, which have been read.
 */
export class WaitingChunks {
  readonly #joins: boolean
  #chunks: Uint8Array[] = []
  /** The buffer of a connection that the last chunks came in, and where they stand in it, joined. */
  #memory: Buffer | undefined
  #start = 0
  #end = 0
  bytes = 0

  /** @param joins whether it may write to the memory of chunks that a connection has received */
  constructor(joins: boolean) {
    this.#joins = joins
  }

  get isEmpty(): boolean {
    return this.bytes === 0
  }

  add(chunk: Uint8Array): void {
    this.bytes += chunk.length
    const start = chunk.byteOffset
    if (this.#memory?.buffer === chunk.buffer) {
      if (start !== this.#end) this.#memory.copyWithin(this.#end, start, start + chunk.length)
      this.#end += chunk.length
      return
    }
    this.#endRun()
    if (this.#joins && isReceived(chunk)) this.#beginRun(chunk)
    else this.#chunks.push(chunk)
  }

  take(): readonly Uint8Array[] {
    this.#endRun()
    const chunks = this.#chunks
    this.#chunks = []
    this.bytes = 0
    return chunks
  }

  #beginRun({ buffer, byteOffset, length }: Uint8Array): void {
    this.#memory = Buffer.from(buffer)
    this.#start = byteOffset
    this.#end = byteOffset + length
  }

  #endRun(): void {
    if (this.#memory === undefined) return
    this.#chunks.push(this.#memory.subarray(this.#start, this.#end))
    this.#memory = undefined
  }
}
