/** What a connection that says little reads into at a time. */
const LEAST_BYTES = 16 * 1024
/** What one that brings a long list reads into: larger is no faster, and no longer in the processor's cache. */
const MOST_BYTES = 256 * 1024
const GROWTH = 4
/** A list has a small read now and then; a watch has hardly another. */
const SMALL_READS = 8
/** More than a reader that is busy keeps waiting. */
const MAX_SPARE = 8

/** What can be told to wait: a connection, or undici's parser of its answers. */
export interface Pausable {
  pause(): unknown
  resume(): unknown
}

const NONE = Buffer.alloc(0)

/** Whose memory it is, by what a chunk says that it is a part of. */
const owners = new WeakMap<ArrayBufferLike, { readonly owner: ReceiveBuffers; readonly buffer: Buffer }>()

/**
 * The memory that one connection reads into. Node takes 64 KiB anew for each read, and a list of 300 MB then leaves
 * as much to collect: a fifth of the processor time of the whole sync. What was given back is read into again, and
 * what a read leaves of a buffer the next one goes into: over TLS, Go sends 4 KiB at a time.
 */
export class ReceiveBuffers {
  #bytes = LEAST_BYTES
  #spare: Buffer[] = []
  /** What is left of the buffer under way. */
  #rest: Buffer = NONE
  /** Small reads without another between them. */
  #small = 0
  /** What receives, once there is one. */
  connection: Pausable | undefined

  /** What the next read goes into. */
  next(): Buffer {
    if (this.#isUsedUp) this.#rest = this.#spare.pop() ?? this.#create()
    return this.#rest
  }

  /** Says how much came in one read: buffers grow as long as they are filled, and are small again for what comes in drops. */
  wasFilled(length: number, buffer: Buffer): void {
    this.#rest = buffer.subarray(length)
    this.#small = length < LEAST_BYTES / GROWTH ? this.#small + 1 : 0
    if (this.#small >= SMALL_READS) this.#resize(LEAST_BYTES)
    else if (this.#isUsedUp) this.#resize(Math.min(this.#bytes * GROWTH, MOST_BYTES))
  }

  giveBack(buffer: Buffer): void {
    if (buffer.length === this.#bytes && this.#spare.length < MAX_SPARE) this.#spare.push(buffer)
  }

  get #isUsedUp(): boolean {
    return this.#rest.length < this.#bytes / GROWTH
  }

  #create(): Buffer {
    const buffer = Buffer.allocUnsafeSlow(this.#bytes)
    owners.set(buffer.buffer, { owner: this, buffer })
    return buffer
  }

  #resize(bytes: number): void {
    if (bytes === this.#bytes) return
    this.#bytes = bytes
    this.#spare = []
    this.#rest = NONE
  }
}

/** Whether the memory of this chunk is what a connection reads into. */
export function isReceived(chunk: Uint8Array): boolean {
  return owners.has(chunk.buffer)
}

/** The connection that received this chunk. */
export function connectionOf(chunk: Uint8Array): Pausable | undefined {
  return owners.get(chunk.buffer)?.owner.connection
}

/** Says that nobody looks at the memory of this chunk any more; what is not a connection's own is left alone. */
export function giveBack(chunk: Uint8Array): void {
  const found = owners.get(chunk.buffer)
  found?.owner.giveBack(found.buffer)
}
