/** Makes bytes smaller, and gives them back. Synchronous: what it is given at once decides how long it takes. */
export interface Compressor {
  /** The result shares no memory with anything, and takes no more than its length. */
  compress(bytes: Uint8Array): Uint8Array
  /** `length` is that of the result. */
  decompress(bytes: Uint8Array, length: number): Uint8Array
}
