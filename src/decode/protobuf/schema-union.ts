import { readText } from './text.ts'
import { broken, high, low, next, readVarint, skipValue } from './wire.ts'

type ReadSchema = (bytes: Uint8Array, start: number, end: number) => unknown

/**
 * JSONSchemaProps, or what may stand for it: a list of them (`A`), a boolean (`B`), a list of strings (`C`).
 * Of fields 1 and 2 one is the schema and the other the alternative, which wins where it is not empty; a
 * boolean never wins.
 */
export function readSchemaUnion(
  type: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  readSchema: ReadSchema,
): unknown {
  const alternatives: unknown[] = []
  const schemas: Uint8Array[] = []
  let allows = false
  const schemaTag = type === 'B' ? 0x12 : 0x0a
  for (let at = start; at < end;) {
    readVarint(bytes, at, end)
    const tag = low
    at = skipValue(bytes, tag, next, end)
    const from = next
    if (tag === schemaTag) schemas.push(bytes.subarray(from, at))
    else if (type === 'B' && tag === 0x08) allows = (low | high) !== 0
    else if (type === 'A' && tag === 0x12) alternatives.push(readSchema(bytes, from, at))
    else if (type === 'C' && tag === 0x12) alternatives.push(readText(bytes, from, at))
    else if (tag >>> 3 < 3) throw broken(`wire type ${tag & 7}`, from)
  }
  if (alternatives.length > 0) return alternatives
  const [first, ...more] = schemas
  if (first === undefined) return type === 'B' ? allows : null
  const joined = more.length === 0 ? first : Buffer.concat(schemas)
  return readSchema(joined, 0, joined.length)
}
