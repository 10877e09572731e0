import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../../src/api/object.ts'
import { createListDecoder, createWatchDecoder } from '../../src/decode/index.ts'
import { corpusObjects } from './corpus-objects.ts'
import { CORPORA, LIST_VERSION, type OtherCorpus } from './corpus-spec.ts'
import type { Encoding } from './frames.ts'
import { writeObjects } from './write-objects.ts'

const MEDIA_TYPES = { protobuf: 'application/vnd.kubernetes.protobuf', json: 'application/json' } as const
const folder = mkdtempSync(join(tmpdir(), 'kubeflume-objects-'))

afterAll(() => rmSync(folder, { recursive: true }))

function body(name: OtherCorpus, encoding: Encoding, isWatchList: boolean, count: number): Buffer {
  const file = join(folder, `${name}.${encoding}`)
  const objects = (): Iterable<Uint8Array> => corpusObjects(name, encoding, count)
  writeObjects(file, { kind: CORPORA[name].kind, encoding, version: LIST_VERSION, isWatchList, objects })
  return readFileSync(file)
}

function list(name: OtherCorpus, encoding: Encoding, count: number): KubernetesObject[] {
  const decoder = createListDecoder({ contentType: MEDIA_TYPES[encoding] })
  const items = decoder.push(body(name, encoding, false, count)).map((item) => plain(item.decode()))
  expect(decoder.end().resourceVersion).toBe(String(LIST_VERSION))
  return items
}

const plain = <T>(object: T): T => JSON.parse(JSON.stringify(object)) as T

describe('a corpus of other objects than pods', () => {
  test.each(['configmaps', 'secrets', 'events'] as const)('is the same list of %s in both encodings', (name) => {
    const [json, protobuf] = [list(name, 'json', 3), list(name, 'protobuf', 3)]
    expect(protobuf).toMatchObject(json)
    expect(json[0]).toMatchObject({ apiVersion: 'v1', kind: CORPORA[name].kind.kind })
  })

  test.each([
    ['configmaps', 1_000_000, 1_100_000],
    ['secrets', 1_300_000, 1_400_000],
    ['widgets', 500, 1500],
    ['events', 700, 1700],
  ] as const)('has %s of the size that it says', (name, least, most) => {
    const [object] = corpusObjects(name, 'json', 1)
    expect(object!.length).toBeGreaterThan(least)
    expect(object!.length).toBeLessThan(most)
  })

  test('says kind and version of a custom resource once, on a watch as in a list', () => {
    const type = { apiVersion: 'bench.kubeflume.dev/v1', kind: 'Widget' }
    expect(list('widgets', 'json', 2)).toMatchObject([type, type])
    const decoder = createWatchDecoder({ contentType: MEDIA_TYPES.json })
    const bytes = body('widgets', 'json', true, 2)
    expect(bytes.toString().split('"kind":"Widget"')).toHaveLength(4)
    const types = [...decoder.push(bytes)].map((event) => event.type)
    expect(types).toEqual(['ADDED', 'ADDED', 'BOOKMARK'])
  })
})
