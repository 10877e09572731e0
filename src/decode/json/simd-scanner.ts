import { SCANNER } from './generated/scanner.ts'

/**
 * The instance of `tools/scanner/scanner.wat` that all decoders of this thread share: a push runs to its
 * end before another one begins, so what lies in its memory between two calls belongs to nobody.
 */
export interface SimdScanner {
  /**
   * Goes on with a value, from `from` to `to` in `memory`, in the state that stands in `words`.
   *
   * @returns the index behind the value, -1 where it goes on behind `to`, or one of the failures
   */
  scan(from: number, to: number, noteDepth: number): number
  readonly memory: Uint8Array
  /** The same memory in words: the state first, see the indexes below, then from `NOTES` on the notes of the last call. */
  readonly words: Int32Array
}

/** The little of WebAssembly that is used: Node's types leave it to those of browsers. */
declare const WebAssembly:
  | undefined
  | {
      readonly Module: new (bytes: Uint8Array) => object
      readonly Instance: new (module: object) => { readonly exports: { readonly [name: string]: unknown } }
    }

/** Indexes into `words`. They and the places below are those of the `.wat`. */
export const DEPTH = 0
/** 1: inside a string; 2: behind a backslash there. */
export const STRING_STATE = 1
export const NOTE_COUNT = 2
export const FAILED_AT = 3
/** Each note is `end << 2 | depth`. */
export const NOTES: number = 0x20000 / 4

/** Places in `memory`: the brackets that are open, one byte a level from level 1 on, and the bytes to scan. */
export const OPEN_BRACKETS = 0x1000
export const WINDOW = 0x10000
export const WINDOW_BYTES = 0x10000

/** What `scan` returns, besides -1. */
export const UNMATCHED = -2

let shared: SimdScanner | undefined
let isTried = false

/** Undefined where there is no WebAssembly (`--jitless`), or none with SIMD. */
export function simdScanner(): SimdScanner | undefined {
  if (!isTried) {
    isTried = true
    shared = instantiate()
  }
  return shared
}

function instantiate(): SimdScanner | undefined {
  if (typeof WebAssembly === 'undefined') return undefined
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(SCANNER, 'base64')))
    const { buffer } = exports['memory'] as { readonly buffer: ArrayBuffer }
    const scan = exports['scan'] as SimdScanner['scan']
    return { scan, memory: new Uint8Array(buffer), words: new Int32Array(buffer) }
  } catch {
    return undefined // code generation is forbidden, or the processor has no SIMD
  }
}
