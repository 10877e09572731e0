import { ByteFramer } from './byte-framer.ts'
import type { NestedEnds } from './nested-ends.ts'
import { SimdFramer } from './simd-framer.ts'
import { simdScanner } from './simd-scanner.ts'

/**
 * Finds where a JSON object or array ends, in bytes that arrive cut anywhere, and notes the
 * {@link NestedEnds} on its way.
 *
 * It looks at quotes, backslashes and brackets and at nothing else: whether the value is valid inside
 * is found when it is decoded. Brackets must match by kind, though: two errors that cancel each other
 * out would swallow the items between them.
 */
export interface ValueFramer {
  /** Prepares for a new value; its first byte will be the first one that is scanned. */
  reset(): void
  /**
   * Scans `bytes` from `from`, which is the value's first byte or, after a cut, the chunk's.
   * `offset` is where `bytes` lies in the body: no two chunks of one framer have the same.
   *
   * @returns the index behind the value, or -1 where it goes on in the next chunk
   * @throws {DecodeError} `ERR_DECODE_SYNTAX`, `ERR_DECODE_TOO_DEEP`
   */
  scan(bytes: Uint8Array, from: number, offset: number): number
}

/** The fastest framer that runs here; both behave the same. */
export function createFramer(ends: NestedEnds): ValueFramer {
  const scanner = simdScanner()
  return scanner === undefined ? new ByteFramer(ends) : new SimdFramer(scanner, ends)
}
