import { DecodeError } from '../../api/errors.ts'
import { asBuffer, OPEN_BRACE, OPEN_BRACKET } from './bytes.ts'
import { walkElements, walkMembers } from './walk.ts'

/** Reads what the path leads to, looking only at members on the way. Of a key that stands there twice the last one counts. */
export function readJsonPath(bytes: Uint8Array, parts: readonly string[]): unknown[] {
  const values: unknown[] = []
  collect(bytes, 0, bytes.length, parts, 0, values)
  return values
}

function collect(
  bytes: Uint8Array,
  start: number,
  end: number,
  parts: readonly string[],
  depth: number,
  values: unknown[],
): void {
  if (bytes[start] === OPEN_BRACKET) {
    walkElements(bytes, start, (from, to) => collect(bytes, from, to, parts, depth, values))
  } else if (depth === parts.length) {
    if (bytes[start] !== OPEN_BRACE) values.push(parse(bytes, start, end))
  } else if (bytes[start] === OPEN_BRACE) {
    let from = -1
    let to = -1
    walkMembers(bytes, start, (key, _keyStart, valueStart, valueEnd) => {
      if (key === parts[depth]) [from, to] = [valueStart, valueEnd]
      return true
    })
    if (from !== -1) collect(bytes, from, to, parts, depth + 1, values)
  }
}

function parse(bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return JSON.parse(asBuffer(bytes).toString('utf8', start, end))
  } catch {
    throw new DecodeError('ERR_DECODE_OBJECT', 'a value that is no JSON', { offset: start })
  }
}
