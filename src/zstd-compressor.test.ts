import { expect, test } from 'vitest'
import { zstdCompressor } from './zstd-compressor.ts'

test.each([0, 1, 100, 40_000, 2_000_000])('what is compressed is the same again: %i bytes', (length) => {
  const bytes = Buffer.from('kubeflume '.repeat(length / 10 + 1)).subarray(0, length)
  const compressed = zstdCompressor.compress(bytes)
  expect(compressed.buffer.byteLength).toBe(compressed.length)
  if (length > 100) expect(compressed.length).toBeLessThan(length / 20)
  expect(Buffer.compare(zstdCompressor.decompress(compressed, length), bytes)).toBe(0)
})
