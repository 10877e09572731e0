import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { WireCodec, WireForm, WireIdentity } from '../api/wire-codec.ts'
import type { WireObject } from '../api/wire-object.ts'
import { zstdCompressor } from '../zstd-compressor.ts'
import { ObjectStore } from './object-store.ts'
import { Replacement } from './replacement.ts'
import { testCodec, type Thing, wire } from './store.test-support.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

const COUNT = 1000
/** It is done in turns of the event loop, which a busy machine has few of. */
const PATIENT = { timeout: 20_000 }
const OBJECT_BYTES = 5000
/** Holds nothing of the objects, unlike the one for other tests. */
const codec: WireCodec = {
  ...testCodec,
  formOf: ({ encoding }) => ({ encoding }),
  revive<T>(identity: WireIdentity, bytes: Uint8Array, { encoding }: WireForm): WireObject<T> {
    return { ...identity, bytes, encoding, decode: () => JSON.parse(Buffer.from(bytes).toString()) as T }
  },
}

/** Bytes outside the heap, after collection. */
async function buffers(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    gc()
    await setTimeout(5)
  }
  return process.memoryUsage().arrayBuffers
}

function* items(version: (i: number) => string): Generator<ReturnType<typeof wire>> {
  for (let i = 0; i < COUNT; i++)
    yield wire(`${i}`, { version: version(i), spec: { text: `${i} `.repeat(OBJECT_BYTES / 5) } })
}

async function list(store: ObjectStore<Thing>, version: (i: number) => string): Promise<void> {
  const replacement = new Replacement(store, {
    namespace: undefined,
    isInitialList: true,
    trustsVersions: true,
    onDuplicate: () => {},
  })
  for (const item of items(version)) replacement.stage(item)
  await replacement.commit()
}

const createStore = (retain: 'wire' | 'compressed'): ObjectStore<Thing> =>
  new ObjectStore<Thing>({ codec, retain, compressor: zstdCompressor, onChanges: () => {}, onQuarantine: () => {} })

/** A function of its own, so that nothing else holds the store. */
async function use(retain: 'wire' | 'compressed'): Promise<void> {
  const store = createStore(retain)
  await list(store, () => '1')
  store.end()
}

const sizeOf = (): number => {
  let size = 0
  for (const { bytes } of items(() => '1')) size += bytes.length
  return size
}

describe('the bytes of a store', { timeout: 30_000 }, () => {
  test('are taken once for what a list did not change, and given up for what it did', async () => {
    const total = sizeOf()
    const before = await buffers()
    const store = createStore('wire')
    await list(store, () => '1')
    expect(((await buffers()) - before) / total).toBeLessThan(1.1)
    await list(store, () => '1')
    expect(((await buffers()) - before) / total).toBeLessThan(1.1)
    for (let round = 2; round < 6; round++) await list(store, (i) => (i % 3 === 0 ? `${round}` : '1'))
    await setTimeout(50)
    expect(((await buffers()) - before) / total).toBeLessThan(1.5)
    expect(store.size).toBe(COUNT)
    store.end()
  })

  test('are freed with the store, also in the middle of its work', async () => {
    const before = await buffers()
    for (const retain of ['wire', 'compressed'] as const) await use(retain)
    expect((await buffers()) - before).toBeLessThan(sizeOf() / 10)
  })

  test('that were staged are given up with a list that is, and only with that', async () => {
    const total = sizeOf()
    const before = await buffers()
    const store = createStore('wire')
    const stage = (version: string): Replacement<Thing> => {
      const options = { namespace: undefined, isInitialList: true, trustsVersions: true, onDuplicate: () => {} }
      const replacement = new Replacement(store, options)
      for (const item of items(() => version)) replacement.stage(item)
      return replacement
    }
    const committed = stage('1')
    await committed.commit()
    committed.abandon()
    for (let version = 2; version < 6; version++) stage(`${version}`).abandon()
    await expect.poll(async () => ((await buffers()) - before) / total, PATIENT).toBeLessThan(1.5)
    expect([...store.select({})].every((entry) => entry.read().metadata.resourceVersion === '1')).toBe(true)
    store.end()
  })

  test('of a version that someone holds are held, and not those of its neighbours', async () => {
    const total = sizeOf()
    const store = createStore('wire')
    await list(store, () => '1')
    const held = [...store.select({})].filter((_, i) => i % 20 === 0)
    await list(store, () => '2')
    await setTimeout(50)
    const before = await buffers()
    await list(store, () => '3')
    expect(((await buffers()) - before) / total).toBeLessThan(0.2)
    expect(held.every((entry) => entry.read().metadata.resourceVersion === '1')).toBe(true)
    store.end()
  })

  test('are a fraction of what they were once they have been compressed', async () => {
    const total = sizeOf()
    const before = await buffers()
    const store = createStore('compressed')
    await list(store, () => '1')
    await expect.poll(async () => ((await buffers()) - before) / total, PATIENT).toBeLessThan(0.2)
    expect(store.get('web/1')?.read().spec!['text']).toBe('1 '.repeat(OBJECT_BYTES / 5))
  })
})
