import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createListDecoder } from '../../src/decode/index.ts'
import { corpusPods } from '../corpora/corpus-pods.ts'
import type { Encoding } from '../corpora/frames.ts'
import { writeList } from '../corpora/write-list.ts'
import { firstItems } from './first-items.ts'

const MEDIA_TYPES = { protobuf: 'application/vnd.kubernetes.protobuf', json: 'application/json' } as const
const folder = mkdtempSync(join(tmpdir(), 'kubeflume-first-items-'))

afterAll(() => rmSync(folder, { recursive: true }))

function list(encoding: Encoding): Buffer {
  const file = join(folder, `list.${encoding}`)
  writeList(file, { pods: () => corpusPods({ shape: 'B', count: 20 }), body: 'list', encoding })
  return readFileSync(file)
}

function names(bytes: Uint8Array, encoding: Encoding): (string | undefined)[] {
  const decoder = createListDecoder({ contentType: MEDIA_TYPES[encoding] })
  const found = decoder.push(bytes).map((item) => item.decode().metadata.name)
  expect(decoder.end().resourceVersion).toBe('2000000')
  return found
}

describe.each(['protobuf', 'json'] as const)('the first items of a list of %s', (encoding) => {
  test('are a whole list, also when only its beginning is there', () => {
    const whole = list(encoding)
    const half = whole.subarray(0, Math.floor(whole.length / 2))
    expect(names(Buffer.concat(firstItems(half, encoding, 5)), encoding)).toEqual(names(whole, encoding).slice(0, 5))
  })

  test('are the list itself when they are all', () => {
    const whole = list(encoding)
    expect(Buffer.concat(firstItems(whole, encoding, 20)).equals(whole)).toBe(true)
  })

  test('are refused when there are not so many', () => {
    expect(() => firstItems(list(encoding), encoding, 21)).toThrow()
  })
})
