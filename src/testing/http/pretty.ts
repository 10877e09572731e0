import { stringify } from 'yaml'
import type { Representation } from '../encoding/representation.ts'

/**
 * What makes the body that is sent from a whole body of compact JSON, where the form asks for it: indented
 * JSON as Go writes it, or YAML, which says the same as a server's and is not the same to the byte.
 */
export function transformOf({
  isPretty,
  encoding,
}: Pick<Representation, 'isPretty' | 'encoding'>): ((whole: Buffer) => Buffer) | undefined {
  if (encoding === 'yaml') return toYaml
  return isPretty ? indented : undefined
}

function toYaml(whole: Buffer): Buffer {
  const value = JSON.parse(whole.toString()) as unknown
  return Buffer.from(stringify(value, { sortMapEntries: true, indentSeq: false, lineWidth: 0, version: '1.1' }))
}

/** A string, or what stands between values. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

/** Compact JSON as `json.MarshalIndent` has it, without the end of a line. Text and numbers stay as they are. */
function indented(whole: Buffer): Buffer {
  const json = whole.toString().trimEnd()
  let depth = 0
  const line = (): string => `\n${'  '.repeat(depth)}`
  const text = json.replace(TOKEN, (token, at: number) => {
    switch (token) {
      case '{':
      case '[': {
        const isEmpty = json[at + 1] === '}' || json[at + 1] === ']'
        depth++
        return isEmpty ? token : token + line()
      }
      case '}':
      case ']': {
        depth--
        const isEmpty = json[at - 1] === '{' || json[at - 1] === '['
        return isEmpty ? token : line() + token
      }
      case ',':
        return token + line()
      case ':':
        return ': '
      default:
        return token
    }
  })
  return Buffer.from(text)
}
