import { closeSync, openSync, writeSync } from 'node:fs'

const BUFFER_BYTES = 4 * 1024 * 1024

/** Writes a file of any length in large pieces. */
export class FileWriter {
  readonly #file: number
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  #filled = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w')
  }

  /** Copies the bytes: they may be changed afterwards. */
  write(bytes: Uint8Array): void {
    if (this.#filled + bytes.length > BUFFER_BYTES) this.#flush()
    if (bytes.length > BUFFER_BYTES) this.#writeAll(bytes)
    else {
      this.#buffer.set(bytes, this.#filled)
      this.#filled += bytes.length
    }
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    this.#writeAll(this.#buffer.subarray(0, this.#filled))
    this.#filled = 0
  }

  #writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at)
  }
}
