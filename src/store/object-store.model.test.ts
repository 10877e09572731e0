import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { zstdCompressor } from '../zstd-compressor.ts'
import type { Change } from './change.ts'
import { ObjectStore } from './object-store.ts'
import { Replacement } from './replacement.ts'
import { StoreLister } from './store-lister.ts'
import { testCodec, type Thing, things, wire } from './store.test-support.ts'

/** What an object is, as far as a test can tell. */
interface State {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly version: string
  readonly node: string
  readonly isHidden: boolean
}

type Model = Map<string, State>

interface ReplaceOperation {
  readonly do: 'commit' | 'abandon'
  readonly namespace: string | undefined
  readonly items: readonly State[]
  readonly taken: readonly State[]
}

type Operation =
  | { readonly do: 'put' | 'delete'; readonly state: State }
  | { readonly do: 'remove'; readonly namespace: string }
  | ReplaceOperation

const state: fc.Arbitrary<State> = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  namespace: fc.constantFrom('web', 'db'),
  uid: fc.constantFrom('A', 'B'),
  version: fc.integer({ min: 1, max: 6 }).map(String),
  node: fc.constantFrom('n1', 'n2'),
  isHidden: fc.boolean(),
})

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ do: fc.constant('put' as const), state }),
  fc.record({ do: fc.constant('delete' as const), state }),
  fc.record({
    do: fc.constantFrom('commit' as const, 'abandon' as const),
    namespace: fc.constantFrom(undefined, 'web', 'db'),
    items: fc.array(state, { maxLength: 12 }),
    taken: fc.array(state, { maxLength: 2 }),
  }),
  fc.record({ do: fc.constant('remove' as const), namespace: fc.constantFrom('web', 'db') }),
)

const keyOf = ({ namespace, name }: State): string => `${namespace}/${name}`
/** What an object says follows from its uid and version, as on a server: else they would not tell that it is unchanged. */
const contentOf = ({ uid, version, node, isHidden }: State): State['node'] => `${uid}${version}${node}${isHidden}`
const settled = (given: State): State => {
  const number = Number(given.version) + (given.uid === 'A' ? 0 : 1)
  return { ...given, node: number % 2 === 0 ? 'n1' : 'n2', isHidden: number % 3 === 0 }
}

function toWire(given: State): ReturnType<typeof wire> {
  const { name, namespace, uid, version, node, isHidden } = given
  const spec = { node, isHidden, content: contentOf(given), padding: 'x'.repeat(2000) }
  return wire(name, { namespace, uid, version, labels: { node }, spec })
}

/** A store and what follows it: what was told is folded, and must be what the store shows. */
function createRig(retain: 'wire' | 'compressed' | 'objects', isFiltered: boolean) {
  const told: Model = new Map()
  const store = new ObjectStore<Thing>({
    codec: testCodec,
    compressor: zstdCompressor,
    retain,
    hotBytes: 10_000,
    indexes: { node: 'spec.node', label: { label: 'node' }, made: ({ spec }) => [spec!['node'] as string] },
    onQuarantine: (key) => expect.fail(`${key} is quarantined`),
    onChanges: (changes) => {
      for (const change of changes) fold(told, change)
    },
    ...(isFiltered && { filter: ({ spec }) => spec?.['isHidden'] !== true }),
  })
  const lister = new StoreLister<Thing, 'node' | 'label' | 'made'>({
    resource: things,
    store: () => store,
    resourceVersion: () => undefined,
    omitted: [],
  })
  return { store, lister, told }
}

function fold(told: Model, change: Change<Thing>): void {
  const { key, uid } = change.object
  const before = told.get(key)
  expect([change.type, before === undefined]).toEqual([change.type, change.type === 'added'])
  if (change.type === 'deleted') {
    expect(before!.uid).toBe(uid)
    told.delete(key)
    return
  }
  if (change.type === 'updated') {
    expect([before!.uid, before!.version]).toEqual([uid, change.previous.resourceVersion])
    expect(change.previous.read().spec!['content']).toBe(contentOf(before!))
  }
  told.set(key, seen(change.object.read() as Thing))
}

function seen({ metadata: { name, namespace, uid, resourceVersion }, spec }: Thing): State {
  const { node, isHidden } = spec as { node: string; isHidden: boolean }
  return { name, namespace: namespace!, uid, version: resourceVersion, node, isHidden }
}

async function apply({ store }: ReturnType<typeof createRig>, model: Model, op: Operation): Promise<void> {
  switch (op.do) {
    case 'put':
      return put(store, model, settled(op.state))
    case 'delete':
      store.delete(toWire(settled(op.state)))
      return void model.delete(keyOf(op.state))
    case 'remove':
      await store.removeScope(op.namespace)
      return leave(model, op.namespace)
    default:
      return await replace(store, model, op)
  }
}

function put(store: ObjectStore<Thing>, model: Model, given: State): void {
  store.put(toWire(given))
  model.set(keyOf(given), given)
}

async function replace(store: ObjectStore<Thing>, model: Model, op: ReplaceOperation): Promise<void> {
  const { namespace } = op
  const replacement = new Replacement(store, {
    namespace,
    isInitialList: false,
    trustsVersions: true,
    onDuplicate: () => {},
  })
  const isInScope = (given: State): boolean => namespace === undefined || given.namespace === namespace
  const staged: Model = new Map()
  for (const item of op.items.map(settled).filter(isInScope)) {
    replacement.stage(toWire(item))
    const before = staged.get(keyOf(item))
    if (before === undefined || before.version <= item.version) staged.set(keyOf(item), item)
  }
  for (const item of op.taken.map(settled).filter(isInScope)) {
    replacement.unstage(toWire(item))
    staged.delete(keyOf(item))
  }
  expect(replacement.size).toBe(staged.size)
  if (op.do === 'abandon') return replacement.abandon()
  leave(model, namespace)
  for (const [key, item] of staged) model.set(key, item)
  await replacement.commit()
}

function leave(model: Model, namespace: string | undefined): void {
  for (const [key, given] of model) if (namespace === undefined || given.namespace === namespace) model.delete(key)
}

function expectSame({ store, lister, told }: ReturnType<typeof createRig>, model: Model, isFiltered: boolean): void {
  const visible = [...model.values()].filter(({ isHidden }) => !isFiltered || !isHidden)
  const keys = (some: readonly State[]): string[] => some.map(keyOf).sort()
  const sorted = (some: Iterable<string>): string[] => [...some].sort()
  expect(
    lister
      .list()
      .map((object) => seen(object as Thing))
      .sort(byKey),
  ).toEqual(visible.toSorted(byKey))
  expect([...told.values()].sort(byKey)).toEqual(visible.toSorted(byKey))
  expect([store.size, [...store.known(undefined)].length]).toEqual([visible.length, model.size])
  for (const namespace of ['web', 'db', 'none']) {
    const there = visible.filter((given) => given.namespace === namespace)
    expect(sorted(lister.keys({ namespace }))).toEqual(keys(there))
    for (const node of ['n1', 'n2']) {
      const expected = keys(there.filter((given) => given.node === node))
      for (const index of ['node', 'label', 'made'] as const)
        expect(sorted(lister.keys({ namespace, index: [index, node] }))).toEqual(expected)
      expect(sorted(lister.keys({ namespace, labelSelector: `node=${node}` }))).toEqual(expected)
    }
  }
}

const byKey = (a: State, b: State): number => (keyOf(a) < keyOf(b) ? -1 : 1)

describe.each(['wire', 'compressed', 'objects'] as const)('a store that retains %s', (retain) => {
  test.each([false, true])('is as a plain map after any history (filtered: %s)', async (isFiltered) => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (operations) => {
        const rig = createRig(retain, isFiltered)
        const model: Model = new Map()
        for (const one of operations) {
          await apply(rig, model, one)
          expectSame(rig, model, isFiltered)
        }
        rig.store.end()
      }),
      { numRuns: 60 },
    )
  })
})
