import { expect, test } from 'vitest'
import { ByteArena } from './byte-arena.ts'

const LENGTHS = [10, 16_000, 0, 40_000, 16_384, 16_385, 30_000, 1]

test('an arena hands out memory that nobody else has', () => {
  const arena = new ByteArena()
  const parts = LENGTHS.concat(LENGTHS).map((length, i) => arena.allocate(length).fill(i))
  for (const [i, part] of parts.entries()) expect(part.every((byte) => byte === i)).toBe(true)
  expect(parts.map(({ length }) => length)).toEqual([...LENGTHS, ...LENGTHS])
})

test('an arena that is used again hands out the same memory, but for what is large', () => {
  const arena = new ByteArena()
  const [small, large] = [arena.allocate(100), arena.allocate(100_000)]
  arena.reuse()
  const [again, another] = [arena.allocate(100), arena.allocate(100_000)]
  expect([again.buffer === small.buffer, again.byteOffset === small.byteOffset]).toEqual([true, true])
  expect(another.buffer === large.buffer).toBe(false)
})
