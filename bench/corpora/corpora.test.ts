import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../../src/api/object.ts'
import { createListDecoder, createWatchDecoder, type WireEvent } from '../../src/decode/index.ts'
import type { BodyOptions } from './body-options.ts'
import { type CorpusPod, corpusPods } from './corpus-pods.ts'
import type { BodyName } from './corpus-spec.ts'
import { vary } from './encoded-pod.ts'
import { bookmark, type Encoding, expired } from './frames.ts'
import { randomFrom } from './random.ts'
import { writeList } from './write-list.ts'

const MEDIA_TYPES = { protobuf: 'application/vnd.kubernetes.protobuf', json: 'application/json' } as const
const ENCODINGS: readonly Encoding[] = ['protobuf', 'json']
const folder = mkdtempSync(join(tmpdir(), 'kubeflume-corpora-'))

afterAll(() => rmSync(folder, { recursive: true }))

/** 200 pods as they are generated, and 200 that are made out of these. */
function* pods(): Generator<CorpusPod> {
  const generated = [...corpusPods({ shape: 'B', count: 200 })]
  yield* generated
  const random = randomFrom(7)
  for (const [index, { encoded, variables }] of generated.entries()) {
    yield { encoded, variables: vary(variables, 1_500_000 + index, random, true) }
  }
}

function body(name: BodyName, encoding: Encoding): Buffer {
  const file = join(folder, `${name}.${encoding}`)
  writeList(file, { pods, body: name, encoding } satisfies BodyOptions)
  return readFileSync(file)
}

function list(name: BodyName, encoding: Encoding): KubernetesObject[] {
  const decoder = createListDecoder({ contentType: MEDIA_TYPES[encoding] })
  const items = decoder.push(body(name, encoding)).map((item) => plain(item.decode()))
  expect(decoder.end().resourceVersion).toBe(name === 'relist' ? '3000000' : '2000000')
  return items
}

function events(bytes: Uint8Array, encoding: Encoding): readonly WireEvent<KubernetesObject>[] {
  const decoder = createWatchDecoder({ contentType: MEDIA_TYPES[encoding] })
  const found = [...decoder.push(bytes), ...decoder.push(new Uint8Array(0))]
  decoder.end()
  return found
}

const plain = <T>(object: T): T => JSON.parse(JSON.stringify(object)) as T

describe('a corpus', () => {
  test('is the same list in both encodings', () => {
    expect(list('list', 'protobuf')).toEqual(list('list', 'json'))
    expect(list('relist', 'protobuf')).toEqual(list('relist', 'json'))
  })

  test('has as many names, uids, addresses and container IDs as it has pods', () => {
    const found = list('list', 'json')
    const count = (read: (pod: KubernetesObject) => unknown): number => new Set(found.map(read)).size
    const status = (pod: KubernetesObject): { podIP: string; containerStatuses: { containerID: string }[] } =>
      (pod as unknown as { status: { podIP: string; containerStatuses: { containerID: string }[] } }).status
    expect(count(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toBe(400)
    expect(count(({ metadata }) => metadata.uid)).toBe(400)
    expect(count((pod) => status(pod).podIP)).toBe(400)
    expect(count((pod) => status(pod).containerStatuses[0]!.containerID)).toBe(400)
  })

  test('changes one pod of a hundred in its relist, each to a version of its own', () => {
    const before = list('list', 'protobuf')
    const changed = list('relist', 'protobuf').filter(
      ({ metadata }, index) => metadata.resourceVersion !== before[index]!.metadata.resourceVersion,
    )
    expect(changed).toHaveLength(4)
    expect(new Set(changed.map(({ metadata }) => metadata.resourceVersion)).size).toBe(4)
    const uids = new Set(before.map(({ metadata }) => metadata.uid))
    expect(changed.every(({ metadata }) => uids.has(metadata.uid))).toBe(true)
  })

  test.each(ENCODINGS)('is the same as a watch-list, which ends with a bookmark, as %s', (encoding) => {
    const found = events(body('watch-list', encoding), encoding)
    const objects = found.map((event) => event.type !== 'ERROR' && plain(event.object.decode()))
    expect(objects.slice(0, -1)).toMatchObject(list('list', encoding).map(({ metadata }) => ({ metadata })))
    expect(found.at(-1)!.type).toBe('BOOKMARK')
    expect(objects.at(-1)).toMatchObject({
      metadata: { resourceVersion: '2000000', annotations: { 'k8s.io/initial-events-end': 'true' } },
    })
  })
})

describe.each(ENCODINGS)('a frame of %s', (encoding) => {
  test('tells the version of a bookmark', () => {
    const [event] = events(bookmark(encoding, 2_000_000, false), encoding)
    expect(event!.type !== 'ERROR' && event!.object.resourceVersion).toBe('2000000')
  })

  test('ends a watch as expired', () => {
    expect(events(expired(encoding), encoding)).toMatchObject([
      { type: 'ERROR', status: { reason: 'Expired', code: 410 } },
    ])
  })
})
