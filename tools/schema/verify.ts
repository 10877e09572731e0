/**
 * Holds decodeObject of the protobuf against JSON.parse of the JSON, for each pair that `fill` wrote, and
 * says how much of the table the pairs had. Fails on a difference or on a field that no pair has.
 *
 *     go run ./fill -out /tmp/pairs.bin && node verify.ts /tmp/pairs.bin
 */
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { decodeObject } from '../../src/decode/protobuf/message-decoder.ts'
import { type Pair, readPairs } from '../../src/decode/protobuf/pairs.test-support.ts'
import { kindSchema, messageNames, messageSchema } from '../../src/decode/protobuf/schema.ts'
import { coverFields } from './coverage.ts'

const file = process.argv[2]
if (file === undefined) throw new Error('which file?')

const kinds = new Set<string>()
const covered = new Set<string>()
const differences: string[] = []
let pairs = 0
let otherOrder = 0
for (const pair of readPairs(readFileSync(file))) {
  pairs++
  kinds.add(`${pair.apiVersion} ${pair.kind}`)
  compare(pair)
  const schema = kindSchema(pair.apiVersion, pair.kind)
  if (schema !== undefined) coverFields(schema.message, pair.protobuf, covered)
}
report()

function compare({ apiVersion, kind, variant, json, protobuf }: Pair): void {
  const name = `${apiVersion} ${kind}, ${variant}`
  const expected: unknown = JSON.parse(json)
  try {
    const decoded = decodeObject(apiVersion, kind, protobuf)
    if (!isDeepStrictEqual(decoded, expected)) differences.push(`${name}: ${firstDifference(decoded, expected, '')}`)
    else if (JSON.stringify(decoded) !== JSON.stringify(expected)) otherOrder++
  } catch (error) {
    differences.push(`${name}: ${String(error)}`)
  }
}

function firstDifference(a: unknown, b: unknown, path: string): string {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return `${path}: ${JSON.stringify(a)}, not ${JSON.stringify(b)}`
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [left, right] = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]]
    if (!isDeepStrictEqual(left, right)) return firstDifference(left, right, `${path}.${key}`)
  }
  return `${path}: ${JSON.stringify(a).slice(0, 200)}, not ${JSON.stringify(b).slice(0, 200)}`
}

function report(): void {
  const all = [...messageNames()].flatMap((name) =>
    (messageSchema(name)?.fields ?? []).map(({ number }) => `${name} ${number}`),
  )
  const missing = all.filter((field) => !covered.has(field))
  for (const line of differences.slice(0, 20)) console.log(line)
  for (const field of missing.slice(0, 40)) console.log(`never seen: ${field}`)
  const fields = `${all.length - missing.length} of ${all.length} fields`
  console.log(
    `${kinds.size} kinds, ${pairs} pairs, ${fields}, ${differences.length} differences, ${otherOrder} with keys in another order`,
  )
  process.exitCode = differences.length > 0 || missing.length > 0 ? 1 : 0
}
