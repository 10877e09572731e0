import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteFramer } from './byte-framer.ts'
import { NestedEnds } from './nested-ends.ts'
import { SimdFramer } from './simd-framer.ts'
import { simdScanner } from './simd-scanner.ts'
import type { ValueFramer } from './value-framer.ts'

const scanner = simdScanner()!
const FRAMERS = {
  bytes: (ends: NestedEnds): ValueFramer => new ByteFramer(ends),
  simd: (ends: NestedEnds): ValueFramer => new SimdFramer(scanner, ends),
} as const

interface Framed {
  readonly end?: number
  readonly error?: unknown
  readonly depths?: readonly (readonly number[])[]
}

/** Frames the value at `start`, in chunks of the lengths given, in turn; whatever happens is part of the result. */
function frame(kind: keyof typeof FRAMERS, bytes: Uint8Array, start: number, lengths: readonly number[]): Framed {
  const ends = new NestedEnds()
  const framer = FRAMERS[kind](ends)
  framer.reset()
  try {
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const chunk = bytes.subarray(at, at + lengths[turn % lengths.length]!)
      const end = at + chunk.length <= start ? -1 : framer.scan(chunk, Math.max(start - at, 0), at)
      if (end !== -1) return { end: at + end, depths: depthsOf(ends, bytes.length) }
      at += chunk.length
    }
  } catch (error) {
    const { code, offset } = error as { code: string; offset: number }
    return { error: { code, offset } }
  }
  return { depths: depthsOf(ends, bytes.length) }
}

/** Every end that can be found, by depth. */
function depthsOf(ends: NestedEnds, length: number): number[][] {
  return [1, 2, 3].map((depth) => {
    const found: number[] = []
    for (let at = 0; at < length;) {
      const end = ends.endOf(depth, at)
      if (end === -1) break
      found.push(end)
      at = end
    }
    return found
  })
}

const piece = fc.constantFrom('{', '}', '[', ']', '"', '\\', '\\"', '\\\\', ':', ',', 'a', 'é', '\0', '{}', '""', '   ')
const noise = fc.array(piece, { maxLength: 300 }).map((pieces) => pieces.join(''))
const json = fc
  .tuple(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1))
  .map(([value, space]) => JSON.stringify({ value, more: [value, { value }] }, undefined, space))
const lengths = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 })

describe('the framers', () => {
  test('agree on JSON, on the ends of what is nested in it, and on everything else, however it is cut', () => {
    const body = fc.tuple(
      fc.nat(70),
      fc.oneof(
        json,
        noise.map((text) => `{${text}`),
        noise.map((text) => `[{"${text}`),
      ),
    )
    fc.assert(
      fc.property(body, lengths, ([start, text], cuts) => {
        const bytes = Buffer.from(' '.repeat(start) + text)
        const expected = frame('bytes', bytes, start, [bytes.length])
        expect(frame('simd', bytes, start, [bytes.length])).toEqual(expected)
        expect(frame('bytes', bytes, start, cuts)).toEqual(expected)
        expect(frame('simd', bytes, start, cuts)).toEqual(expected)
      }),
      { numRuns: 3000 },
    )
  })

  test('agree on values longer than the scanner’s window', () => {
    const value = { metadata: { a: ['\\"'.repeat(40_000)], b: [{ c: 'x'.repeat(70_001) }] }, d: [[1], '}'.repeat(9)] }
    const bytes = Buffer.from(` ${JSON.stringify(value)} `)
    const expected = frame('bytes', bytes, 1, [bytes.length])
    expect(expected.end).toBe(bytes.length - 1)
    for (const length of [bytes.length, 65_536, 65_535, 100_001, 63])
      expect(frame('simd', bytes, 1, [length])).toEqual(expected)
  })
})

describe.each(['bytes', 'simd'] as const)('the framer by %s', (kind) => {
  test('takes 10,000 levels and not one more', () => {
    const deep = (levels: number): Buffer => Buffer.from('['.repeat(levels) + ']'.repeat(levels))
    for (const length of [7, 100_000]) {
      expect(frame(kind, deep(10_000), 0, [length]).end).toBe(20_000)
      expect(frame(kind, deep(10_001), 0, [length]).error).toEqual({ code: 'ERR_DECODE_TOO_DEEP', offset: 10_000 })
    }
  })

  test('says where a bracket closes another kind', () => {
    const bytes = Buffer.from(`{"a":[${'1,'.repeat(100)}1}}`)
    const expected = { code: 'ERR_DECODE_SYNTAX', offset: bytes.length - 2 }
    for (const length of [1, 64, 1000]) expect(frame(kind, bytes, 0, [length]).error).toEqual(expected)
  })

  test('notes no end without those before it', () => {
    const bytes = Buffer.from(`{"a":[${'[],'.repeat(50_000)}{}],"b":{}}`)
    const { depths } = frame(kind, bytes, 0, [65_536])
    expect(depths?.[0]).toHaveLength(2)
    expect(depths?.[1]?.slice(0, 3)).toEqual([8, 11, 14])
    expect(depths?.[1]?.length).toBeLessThan(50_000)
  })

  test('keeps apart what two of them are in the middle of', () => {
    const bytes = Buffer.from('{"a":[{"b":"}\\"]"}]}')
    const framers = [new NestedEnds(), new NestedEnds()].map((ends) => FRAMERS[kind](ends))
    for (const framer of framers) framer.reset()
    for (let at = 0; at < bytes.length - 1; at++) {
      for (const framer of framers) expect(framer.scan(bytes.subarray(at, at + 1), 0, at)).toBe(-1)
    }
    for (const framer of framers) expect(framer.scan(Buffer.from('}'), 0, bytes.length - 1)).toBe(1)
  })
})
