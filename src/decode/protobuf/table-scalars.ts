import { asInt64, broken, high, low, next, readVarint } from './wire.ts'

/** Where the last scalar ended. */
export let scalarEnd = 0

/** Reads a bool (`b`), an int32 (`i`), an int64 (`l`) or a double (`d`), as JSON has it. */
export function readScalar(type: string, bytes: Uint8Array, at: number, end: number): number | boolean {
  if (type === 'd') {
    if (at + 8 > end) throw broken('a value runs past the end', at)
    scalarEnd = at + 8
    return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, true)
  }
  const byte = bytes[at] as number
  if (byte < 0x80 && at < end) {
    scalarEnd = at + 1
    return type === 'b' ? byte !== 0 : byte
  }
  readVarint(bytes, at, end)
  scalarEnd = next
  if (type === 'b') return (low | high) !== 0
  return type === 'i' ? low : asInt64()
}
