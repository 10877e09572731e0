import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Compressor } from './api/compressor.ts'

const FASTEST = { [constants.ZSTD_c_compressionLevel]: 1 }
/** Node refuses less. */
const MIN_CHUNK_BYTES = 64

/**
 * zstd as Node has it, in the calling thread: the asynchronous calls take the thread as long to prepare
 * as it takes to compress 32 KiB, and leave twice the buffers behind.
 */
export const zstdCompressor: Compressor = {
  compress(bytes) {
    // by default Node makes room for 128 KiB at each call, whatever comes of it
    const chunkSize = Math.max(bytes.length >> 2, MIN_CHUNK_BYTES)
    const compressed = zstdCompressSync(bytes, { params: FASTEST, pledgedSrcSize: bytes.length, chunkSize })
    const exact = Buffer.allocUnsafeSlow(compressed.length) // what zlib returns is a part of a larger buffer
    exact.set(compressed)
    return exact
  },
  decompress: (bytes, length) =>
    zstdDecompressSync(bytes, { maxOutputLength: Math.max(length, 1), chunkSize: Math.max(length, MIN_CHUNK_BYTES) }),
}
