import { readUtf8 } from './utf8.ts'

const { fromCharCode } = String

/**
 * A text of at most 16 bytes, made by `String.fromCharCode` of that many arguments: 25 ns instead of the 70 ns
 * that a call of Buffer's native slicing takes, and two strings of three in an object are this short.
 * Written out, because a loop, or a spread of an array, loses what there is to win.
 */
// oxlint-disable-next-line max-lines-per-function -- see above
export function readShortText(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start
  if (length === 0) return ''
  const a = bytes[start] as number
  if (length === 1) return a < 0x80 ? fromCharCode(a) : readUtf8(bytes, start, end)
  const b = bytes[start + 1] as number
  if (length === 2) return (a | b) < 0x80 ? fromCharCode(a, b) : readUtf8(bytes, start, end)
  const c = bytes[start + 2] as number
  if (length === 3) return (a | b | c) < 0x80 ? fromCharCode(a, b, c) : readUtf8(bytes, start, end)
  const d = bytes[start + 3] as number
  if (length === 4) return (a | b | c | d) < 0x80 ? fromCharCode(a, b, c, d) : readUtf8(bytes, start, end)
  const e = bytes[start + 4] as number
  if (length === 5) return (a | b | c | d | e) < 0x80 ? fromCharCode(a, b, c, d, e) : readUtf8(bytes, start, end)
  const f = bytes[start + 5] as number
  if (length === 6) return (a | b | c | d | e | f) < 0x80 ? fromCharCode(a, b, c, d, e, f) : readUtf8(bytes, start, end)
  const g = bytes[start + 6] as number
  if (length === 7)
    return (a | b | c | d | e | f | g) < 0x80 ? fromCharCode(a, b, c, d, e, f, g) : readUtf8(bytes, start, end)
  const h = bytes[start + 7] as number
  if (length === 8)
    return (a | b | c | d | e | f | g | h) < 0x80 ? fromCharCode(a, b, c, d, e, f, g, h) : readUtf8(bytes, start, end)
  const i = bytes[start + 8] as number
  if (length === 9)
    return (a | b | c | d | e | f | g | h | i) < 0x80
      ? fromCharCode(a, b, c, d, e, f, g, h, i)
      : readUtf8(bytes, start, end)
  const j = bytes[start + 9] as number
  if (length === 10)
    return (a | b | c | d | e | f | g | h | i | j) < 0x80
      ? fromCharCode(a, b, c, d, e, f, g, h, i, j)
      : readUtf8(bytes, start, end)
  const k = bytes[start + 10] as number
  if (length === 11)
    return (a | b | c | d | e | f | g | h | i | j | k) < 0x80
      ? fromCharCode(a, b, c, d, e, f, g, h, i, j, k)
      : readUtf8(bytes, start, end)
  const l = bytes[start + 11] as number
  if (length === 12)
    return (a | b | c | d | e | f | g | h | i | j | k | l) < 0x80
      ? fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l)
      : readUtf8(bytes, start, end)
  const m = bytes[start + 12] as number
  if (length === 13)
    return (a | b | c | d | e | f | g | h | i | j | k | l | m) < 0x80
      ? fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m)
      : readUtf8(bytes, start, end)
  const n = bytes[start + 13] as number
  if (length === 14)
    return (a | b | c | d | e | f | g | h | i | j | k | l | m | n) < 0x80
      ? fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n)
      : readUtf8(bytes, start, end)
  const o = bytes[start + 14] as number
  if (length === 15)
    return (a | b | c | d | e | f | g | h | i | j | k | l | m | n | o) < 0x80
      ? fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
      : readUtf8(bytes, start, end)
  const p = bytes[start + 15] as number
  if (length === 16)
    return (a | b | c | d | e | f | g | h | i | j | k | l | m | n | o | p) < 0x80
      ? fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
      : readUtf8(bytes, start, end)
  return readUtf8(bytes, start, end)
}
