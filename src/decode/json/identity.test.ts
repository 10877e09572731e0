import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { WireObject } from '../../api/wire-object.ts'
import type { DecoderOptions } from '../decoder.ts'

/** The decoders of a fresh module graph, with WebAssembly or as if there were none. */
async function load(framer: 'simd' | 'bytes'): Promise<typeof import('../index.ts')> {
  vi.resetModules()
  if (framer === 'bytes') vi.stubGlobal('WebAssembly', undefined)
  return import('../index.ts')
}

afterEach(() => void vi.unstubAllGlobals())

const TRICKS = String.raw`{"\u006detadata" : {"labels":{"name":"no","metadata":{"name":"no"}},"na\u006de":"a\u00e4\"b","ns":[{"uid":"no"}],
 "namespace":"wéb 日本 😀","annotations":{"k":"{\"metadata\":{\"name\":\"no\"}}\\","}{":"]["},"managedFields":[{"f":{".":{}}},[]],"uid":"u-1","n":null,
 "resourceVersion":"7" , "e":{} } , "spec":{"metadata":{"name":"no","namespace":[]},"list":[{"env":1,"x":2},{"env":[{}]}],"env":-1.5e+3},"kind":"Thing","apiVersion":"v1"}`
const OMITTED = ['metadata.managedFields', 'spec.list.env', 'metadata.labels.name', 'status']
const omit = OMITTED.map((path) => path.replace('list', 'list[*]'))

function without(text: string): unknown {
  const value: unknown = JSON.parse(text)
  for (const path of OMITTED) remove(value, path.split('.'))
  return value
}

function remove(value: unknown, [key = '', ...rest]: readonly string[]): void {
  if (Array.isArray(value)) {
    for (const element of value) remove(element, [key, ...rest])
  } else if (typeof value === 'object' && value !== null) {
    if (rest.length > 0) remove((value as Record<string, unknown>)[key], rest)
    else delete (value as Record<string, unknown>)[key]
  }
}

const identityOf = ({ name, namespace, uid, resourceVersion }: WireObject): object => ({
  name,
  namespace,
  uid,
  resourceVersion,
})

describe.each(['simd', 'bytes'] as const)('by %s', (framer) => {
  test('an item with every trick is read the same wherever it is cut', async () => {
    const { createListDecoder, createWatchDecoder } = await load(framer)
    const list = Buffer.from(`{"items":[${TRICKS} , ${TRICKS}]}`)
    const watch = Buffer.from(`{"type":"ADDED","object":${TRICKS}}\n{"object":${TRICKS} , "type":"ADDED"}`)
    const options = { contentType: 'application/json', omit }
    for (let cut = 0; cut <= Math.max(list.length, watch.length); cut++) {
      const lists = createListDecoder(options)
      const watches = createWatchDecoder(options)
      const items = [...lists.push(list.subarray(0, cut)), ...lists.push(list.subarray(cut))]
      const events = [...watches.push(watch.subarray(0, cut)), ...watches.push(watch.subarray(cut))]
      const objects = [...items, ...events.map((event) => (event as { object: WireObject }).object)]
      expect(objects).toHaveLength(4)
      for (const wire of objects) {
        const expected = { name: 'aä"b', namespace: 'wéb 日本 😀', uid: 'u-1', resourceVersion: '7' }
        expect(identityOf(wire)).toEqual(expected)
        expect(wire.decode()).toEqual(without(TRICKS))
      }
    }
  })

  test('identity and cuts are those of JSON.parse for whatever has metadata in it', async () => {
    const { createListDecoder } = await load(framer)
    const key = fc.constantFrom(
      'metadata',
      'name',
      'uid',
      'spec',
      'list',
      'labels',
      'env',
      'items',
      'é"\\',
      'managedFields',
    )
    const { nested } = fc.letrec((tie) => ({
      nested: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, null, '"}', 'x'),
        fc.array(tie('nested'), { maxLength: 3 }),
        fc.dictionary(key, tie('nested'), { maxKeys: 4 }),
      ),
    }))
    const text = fc.stringMatching(/^[a-zé"\\]{1,6}$/)
    const members = fc.dictionary(
      key.filter((name) => name !== 'name' && name !== 'uid'),
      nested,
      { maxKeys: 4 },
    )
    const identity = fc.record({ name: text, namespace: text, uid: text, resourceVersion: text })
    const object = fc
      .tuple(members, members, identity, members, members)
      .map(([before, first, who, last, after]): { metadata: Record<string, unknown> } => {
        const metadata = Object.assign({}, first, who, last)
        const type = { kind: 'Thing', apiVersion: 'v1' }
        return Object.assign({ ...before, metadata }, type, after, { metadata })
      })
    const options: DecoderOptions = { contentType: 'application/json', omit }
    fc.assert(
      fc.property(
        fc.array(object, { maxLength: 3 }),
        fc.constantFrom(undefined, 1),
        fc.nat(),
        (objects, space, cut) => {
          const texts = objects.map((value) => JSON.stringify(value, undefined, space))
          const body = Buffer.from(`{"items":[${texts.join(',')}]}`)
          const decoder = createListDecoder(options)
          const at = cut % body.length
          const items = [...decoder.push(body.subarray(0, at)), ...decoder.push(body.subarray(at))]
          expect(items.map(identityOf)).toEqual(
            objects.map(({ metadata: { name, namespace, uid, resourceVersion } }) => ({
              name,
              namespace,
              uid,
              resourceVersion,
            })),
          )
          expect(items.map((item) => item.decode())).toEqual(texts.map(without))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('an item over the limit is known by what was kept of it, wherever that ends', async () => {
    const { createListDecoder } = await load(framer)
    const body = Buffer.from(`{"items":[${TRICKS}]}`)
    const metadataEnd = Buffer.byteLength(TRICKS.slice(0, TRICKS.indexOf(' , "spec"')))
    for (let limit = 1; limit < Buffer.byteLength(TRICKS); limit += 3) {
      const decoder = createListDecoder({ contentType: 'application/json', maxItemBytes: limit })
      const read = (): unknown[] =>
        [...decoder.push(body.subarray(0, 99)), ...decoder.push(body.subarray(99))].map(identityOf)
      if (limit >= metadataEnd) expect(read()).toHaveLength(1)
      else expect(read).toThrow(/is larger than/)
    }
  })
})
