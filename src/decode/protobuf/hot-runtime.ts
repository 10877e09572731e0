/** What the generated readers of `generated/hot-messages.ts` call. */
import { readQuantity } from './special-types.ts'
import { readKey, readText } from './text.ts'
import { readBase64 } from './utf8.ts'

export type Plain = { [key: string]: unknown }
/** Reads the message that lies between `start` and `end`. */
export type MessageReader = (bytes: Uint8Array, start: number, end: number, depth: number) => unknown

export { lazyJson } from './lazy-json.ts'
export { readIntOrString, readMicroTime, readQuantity, readTime } from './special-types.ts'
export { readText } from './text.ts'
export { asInt64, low, next, readVarint } from './wire.ts'

type AnyReader = (message: string, bytes: Uint8Array, start: number, end: number, depth: number) => unknown

/** The reader that goes by the table. A generated one hands over to it whatever is unusual, errors included. */
export let readByTable: AnyReader = () => undefined
/** Any message: by a generated reader, or by the table. */
export let readMessage: AnyReader = () => undefined

/** Called once by the decoder, which knows the generated readers and so cannot be known here. */
export function installReaders(readers: { readonly byTable: AnyReader; readonly message: AnyReader }): void {
  readByTable = readers.byTable
  readMessage = readers.message
}

/**
 * Whether a tag that a generated reader does not expect is more than an unknown field: no field number, one
 * of three bytes, or a number that the message does have, with another wire type. A bit for each of those.
 */
export function isUnusual(tag: number, numbersTo31: number, numbersTo63: number): boolean {
  const number = tag >>> 3
  if (number === 0 || tag > 16_383) return true
  if (number > 63) return false
  return (((number < 32 ? numbersTo31 : numbersTo63) >>> (number & 31)) & 1) === 1
}

/** The same items without the room for 16 more that the second `push` makes. */
export function fitted(items: unknown[]): unknown[] {
  return items.length > 1 ? items.slice() : items
}

/** Where the content of a message starts that is one field 1 and nothing else; -1 if it is more, or empty. */
export function onlyContent(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== 0x0a) return -1
  let length = bytes[start + 1] as number
  let at = start + 2
  if (length > 127) length = (length & 127) | ((bytes[at++] as number) << 7)
  return length < 16_384 && length > 0 && at + length === end ? at : -1
}

/** Adds a map's entry, of strings, Quantities or bytes. False where the entry is unusual: the message is then read by the table. */
export function readEntry(into: Plain, type: 's' | 'Q' | 'y', bytes: Uint8Array, start: number, end: number): boolean {
  let key = ''
  let value = type === 'Q' ? '0' : ''
  for (let at = start; at < end;) {
    const tag = bytes[at++]
    let length = bytes[at++] as number
    if (length > 127) length = (length & 127) | ((bytes[at++] as number) << 7)
    const stop = at + length
    if (length > 16_383 || !(stop <= end)) return false
    if (tag === 0x0a) key = readKey(bytes, at, stop)
    else if (tag === 0x12) value = readMapped(type, bytes, at, stop)
    else return false
    at = stop
  }
  if (key === '__proto__') return false
  into[key] = value
  return true
}

function readMapped(type: 's' | 'Q' | 'y', bytes: Uint8Array, start: number, end: number): string {
  if (type === 's') return readText(bytes, start, end)
  return type === 'Q' ? readQuantity(bytes, start, end) : readBase64(bytes, start, end)
}
