import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Compressor } from './api/compressor.ts'

const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/**
 * zstd as Node has it, in the calling thread: the asynchronous calls take the thread as long to prepare
 * as it takes to compress 32 KiB, and leave twice the buffers behind.
 */
export const zstdCompressor: Compressor = {
  compress(bytes) {
    const compressed = zstdCompressSync(bytes, FASTEST)
    const exact = Buffer.allocUnsafeSlow(compressed.length) // what zlib returns is a part of a larger buffer
    exact.set(compressed)
    return exact
  },
  decompress: (bytes, length) =>
    zstdDecompressSync(bytes, { maxOutputLength: Math.max(length, 1), chunkSize: Math.max(length, 64) }),
}
