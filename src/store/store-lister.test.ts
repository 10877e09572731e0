import { describe, expect, test } from 'vitest'
import { DecodeError } from '../api/errors.ts'
import type { ListQuery } from '../api/query.ts'
import { ObjectStore } from './object-store.ts'
import { StoreLister } from './store-lister.ts'
import { testCodec, type Thing, things, wire } from './store.test-support.ts'

function createLister(...items: readonly ReturnType<typeof wire>[]) {
  const store = new ObjectStore<Thing>({
    codec: testCodec,
    indexes: { node: 'spec.node', app: { label: 'app' } },
    onChanges: () => {},
    onQuarantine: () => {},
  })
  for (const item of items) store.put(item)
  const lister = new StoreLister<Thing, 'node' | 'app'>({
    resource: things,
    store: () => store,
    resourceVersion: () => '7',
    omitted: [
      ['metadata', 'labels', 'secret'],
      ['metadata', 'annotations'],
    ],
  })
  return { store, lister }
}

/** Without indexes nothing is decoded before it is read. */
function createBareLister(...items: readonly ReturnType<typeof wire>[]) {
  const store = new ObjectStore<Thing>({
    codec: testCodec,
    onChanges: () => {},
    onQuarantine: () => {},
  })
  for (const item of items) store.put(item)
  return {
    store,
    lister: new StoreLister<Thing, never>({
      resource: things,
      store: () => store,
      resourceVersion: () => undefined,
      omitted: [],
    }),
  }
}

const a = wire('a', { labels: { app: 'x', tier: 'front' }, spec: { node: 'n1' } })
const b = wire('b', { labels: { app: 'y' }, spec: { node: 'n1' } })
const c = wire('c', { namespace: 'db', labels: { app: 'x' }, spec: { node: 'n2' } })
const d = wire('d', { namespace: 'db' })

describe('a lister', () => {
  test('gets by key in either form', () => {
    const { lister } = createLister(a, c)
    expect(lister.get('web/a')?.metadata.name).toBe('a')
    expect(lister.get({ namespace: 'db', name: 'c' })?.metadata.name).toBe('c')
    expect([lister.get('web/c'), lister.has('web/a'), lister.has('web/c')]).toEqual([undefined, true, false])
    expect([lister.size, lister.resourceVersion]).toEqual([2, '7'])
  })

  test.each(['a', 'web/', '/a', 'web/a/b', '', { name: 'a' }, { namespace: '', name: 'a' }, { name: 'web/a' }])(
    'refuses the key %j',
    (key) => {
      const { lister } = createLister(a)
      for (const read of [() => lister.get(key), () => lister.has(key)])
        expect(read).toThrow(expect.objectContaining({ code: 'ERR_KEY' }))
    },
  )

  const queries: readonly [query: ListQuery<'node' | 'app'> | undefined, expected: string[]][] = [
    [undefined, ['db/c', 'db/d', 'web/a', 'web/b']],
    [{}, ['db/c', 'db/d', 'web/a', 'web/b']],
    [{ namespace: 'web' }, ['web/a', 'web/b']],
    [{ namespace: 'none' }, []],
    [{ index: ['node', 'n1'] }, ['web/a', 'web/b']],
    [{ index: ['app', 'x'] }, ['db/c', 'web/a']],
    [{ index: ['app', 'none'] }, []],
    [{ labelSelector: 'app' }, ['db/c', 'web/a', 'web/b']],
    [{ labelSelector: 'app=x,tier notin (back)' }, ['db/c', 'web/a']],
    [{ labelSelector: { matchLabels: { app: 'x' } } }, ['db/c', 'web/a']],
    [{ labelSelector: '' }, ['db/c', 'db/d', 'web/a', 'web/b']],
    [{ namespace: 'db', index: ['app', 'x'] }, ['db/c']],
    [{ namespace: 'web', labelSelector: '!tier' }, ['web/b']],
    [{ index: ['node', 'n1'], labelSelector: 'app=y' }, ['web/b']],
    [{ namespace: 'web', index: ['node', 'n1'], labelSelector: 'tier' }, ['web/a']],
    [{ namespace: 'db', index: ['node', 'n1'] }, []],
  ]

  test.each(queries)('answers %j the same by every way of asking', (query, expected) => {
    const { lister } = createLister(a, b, c, d)
    const keysOf = (objects: Iterable<{ metadata: { namespace?: string; name: string } }>): string[] =>
      [...objects].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort()
    expect([...lister.keys(query)].sort()).toEqual(expected)
    expect(keysOf(lister.list(query))).toEqual(expected)
    expect(keysOf(lister.iterate(query))).toEqual(expected)
    expect(lister.count(query)).toBe(expected.length)
  })

  test('refuses an index that is not there, and a selector that is none', () => {
    const { lister } = createLister(a)
    expect(() => lister.list({ index: ['nodes' as 'node', 'n1'] })).toThrow(
      expect.objectContaining({ code: 'ERR_INDEX' }),
    )
    expect(() => lister.count({ labelSelector: 'a b' })).toThrow(expect.objectContaining({ code: 'ERR_SELECTOR' }))
  })

  test.each(['secret', '!secret', 'app,secret in (a)'])(
    'refuses to select by a label that is omitted: %s',
    (labelSelector) => {
      const { lister } = createLister(a)
      expect(() => lister.list({ labelSelector })).toThrow(
        expect.objectContaining({
          code: 'ERR_SELECTOR',
          message: 'the label secret is omitted: the store cannot select by it',
        }),
      )
    },
  )

  test('iterates over what was there at the call, and decodes one object at a time', () => {
    const [first, second] = [wire('a'), wire('b')]
    const { lister, store } = createBareLister(first, second)
    const iteration = lister.iterate()
    store.delete(wire('b', { version: '2' }))
    store.put(wire('c'))
    expect([first.decoded, second.decoded]).toEqual([0, 0])
    expect(iteration.next().value?.metadata.name).toBe('a')
    expect([first.decoded, second.decoded]).toEqual([1, 0])
    expect([...iteration].map(({ metadata }) => metadata.name)).toEqual(['b'])
  })

  test('iterates without keeping what it decodes, over what is kept already as it is', () => {
    const [first, second] = [wire('a'), wire('b')]
    const { lister } = createBareLister(first, second)
    const kept = lister.get('web/a')
    for (let i = 0; i < 2; i++) expect(lister.iterate().next().value).toBe(kept)
    for (let i = 0; i < 3; i++) expect([...lister.iterate()]).toHaveLength(2)
    expect([first.decoded, second.decoded]).toEqual([1, 3])
  })

  test('reads labels and indexed fields from the bytes', () => {
    const items = [wire('a', { labels: { app: 'x' }, spec: { node: 'n1' } }), wire('b', { spec: { node: 'n1' } })]
    const { lister } = createLister(...items)
    expect(lister.count({ labelSelector: 'app in (x, y),!tier' })).toBe(1)
    expect([...lister.keys({ index: ['node', 'n1'], labelSelector: '!app' })]).toEqual(['web/b'])
    expect(lister.list({ index: ['app', 'x'] })).toHaveLength(1)
    expect(items.map(({ decoded }) => decoded)).toEqual([1, 0])
  })

  test('does not decode for a count or a key', () => {
    const item = wire('a')
    const { lister } = createBareLister(item)
    expect([lister.count({ namespace: 'web' }), [...lister.keys()], lister.has('web/a')]).toEqual([1, ['web/a'], true])
    expect(item.decoded).toBe(0)
  })

  test('throws for a quarantined object where it would have to show it, and leaves it out of a list', () => {
    const broken = new DecodeError('ERR_DECODE_OBJECT', 'broken', { offset: 0 })
    const { lister } = createBareLister(wire('a', { broken }), wire('b', { labels: { app: 'x' } }))
    expect(() => lister.get('web/a')).toThrow(broken)
    expect(() => [...lister.iterate()]).toThrow(broken)
    expect(lister.list().map(({ metadata }) => metadata.name)).toEqual(['b'])
    expect([lister.has('web/a'), lister.size, lister.count(), [...lister.keys()]]).toEqual([
      true,
      2,
      2,
      ['web/a', 'web/b'],
    ])
    expect(lister.list({ labelSelector: 'app' })).toHaveLength(1)
  })
})
