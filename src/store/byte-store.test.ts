import { describe, expect, test } from 'vitest'
import { zstdCompressor } from '../zstd-compressor.ts'
import { Block } from './block.ts'
import { ByteStore } from './byte-store.ts'
import { OwnBytes, type Place, type Resident } from './place.ts'
import { Slab } from './slab.ts'

class Item implements Resident {
  readonly text: string
  place: Place
  index = 0
  moves = 0

  constructor(number: number, length = 1000) {
    this.text = `${number}:`.padEnd(length, 'abcdefgh')
    this.place = new OwnBytes(Buffer.from(this.text))
  }

  moveTo(place: Place, index: number): void {
    this.place = place
    this.index = index
    this.moves++
  }

  get read(): string {
    return Buffer.from(this.place.read(this.index)).toString()
  }
}

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}

function fill(store: ByteStore, count: number): Item[] {
  const items = Array.from({ length: count }, (_, number) => new Item(number))
  for (const item of items) store.add(item)
  return items
}

const isIntact = (items: readonly Item[]): boolean => items.every((item) => item.read === item.text)
const placesOf = (items: readonly Item[]): Set<Place> => new Set(items.map(({ place }) => place))

describe('bytes in slabs', () => {
  test('are those that were put there, of whatever length', () => {
    const store = new ByteStore()
    const items = [0, 1, 7, 9_000, 300_000, 1, 1_000_000, 12].map((length, i) => new Item(i, length))
    for (const item of items) store.add(item)
    expect(isIntact(items)).toBe(true)
    expect(items.every(({ place, index, text }) => place.lengthOf(index) === text.length)).toBe(true)
  })

  test('of 64 KiB and more stay in memory of their own, and go with their object', () => {
    const store = new ByteStore()
    const items = [new Item(0, 100_000), new Item(1, 100_000)] as const
    const bytes = items.map(({ place, index }) => place.read(index))
    for (const item of items) store.add(item)
    expect(items[0].place.read(items[0].index).buffer).toBe(bytes[0]!.buffer)
    store.remove(items[0])
    expect(store.size).toBe(100_000)
    expect(isIntact(items)).toBe(true)
  })

  test('are moved together when a quarter of them is gone, the emptiest slabs first', async () => {
    const store = new ByteStore()
    const items = fill(store, 4000)
    const left = items.filter((_, i) => i % 4 === 0 || i > 3000)
    for (const item of items) if (!left.includes(item)) store.remove(item)
    await turns(20)
    expect(isIntact(items)).toBe(true) // who has been removed can be read where it was
    const used = [...placesOf(left)].reduce((sum, place) => sum + (place as Slab).residents.used, 0)
    expect(used).toBeLessThan((left.length * 1000) / 0.75 + 256 * 1024)
    expect(items.at(-1)!.moves).toBe(1)
  })

  test('stay where they are while little is gone', async () => {
    const store = new ByteStore()
    const items = fill(store, 2000)
    for (const [i, item] of items.entries()) if (i % 5 === 0) store.remove(item)
    await turns(20)
    expect(items.every(({ moves }) => moves === 1)).toBe(true)
  })

  test('are not moved any more after the end', async () => {
    const store = new ByteStore()
    const items = fill(store, 2000)
    for (const [i, item] of items.entries()) if (i % 2 === 0) store.remove(item)
    store.end()
    await turns(20)
    expect(items.every(({ moves }) => moves === 1)).toBe(true)
  })

  test('move to the one that holds them when their slab is let go', () => {
    const store = new ByteStore()
    const items = fill(store, 2000)
    for (const item of items.slice(0, 1000)) store.remove(item)
    const first = items[0]!
    expect([first.place instanceof OwnBytes, isIntact(items)]).toEqual([true, true])
  })

  test('of an object that is removed twice are counted once', async () => {
    const store = new ByteStore()
    const items = fill(store, 2000)
    for (let i = 0; i < 5; i++) for (const item of items.slice(0, 300)) store.remove(item)
    await turns(20)
    expect(items.slice(300).every(({ moves }) => moves === 1)).toBe(true)
  })
})

describe('bytes with a compressor', () => {
  test('become blocks of some tens of objects when their slab is full', async () => {
    const store = new ByteStore(zstdCompressor)
    const items = fill(store, 2000)
    expect(items.every(({ place }) => place instanceof Slab)).toBe(true)
    await turns(50)
    const blocks = [...placesOf(items)].filter((place) => place instanceof Block)
    const inBlocks = items.filter(({ place }) => place instanceof Block).length
    expect(inBlocks).toBeGreaterThan(1600)
    expect(inBlocks / blocks.length).toBeGreaterThan(25)
    expect(isIntact(items)).toBe(true)
  })

  test('do not become part of a block when they are gone before', async () => {
    const store = new ByteStore(zstdCompressor)
    const items = fill(store, 1000)
    for (const item of items.slice(0, 500)) store.remove(item)
    await turns(50)
    expect(items.slice(0, 500).some(({ place }) => place instanceof Block)).toBe(false)
    expect(isIntact(items)).toBe(true)
  })

  test('leave a block of which more than half is gone', async () => {
    const store = new ByteStore(zstdCompressor)
    const items = fill(store, 2000)
    await turns(50)
    const [first] = placesOf(items)
    const inFirst = items.filter(({ place }) => place === first)
    for (const item of inFirst.slice(0, Math.floor(inFirst.length / 2))) store.remove(item)
    await turns(20)
    expect(inFirst.at(-1)!.place).toBe(first)
    store.remove(inFirst[inFirst.length - 2]!)
    store.remove(inFirst[inFirst.length - 3]!)
    await turns(20)
    expect(inFirst.at(-1)!.place).not.toBe(first)
    expect(isIntact(items)).toBe(true)
  })
})

describe('the memory of slabs that have become blocks', () => {
  /** Some slabs, one after the other, in a store that has much in blocks: how many memories they were in, and what was read of each. */
  async function fillSlabs(read: boolean): Promise<{ readonly memories: number; readonly held: readonly string[] }> {
    const store = new ByteStore(zstdCompressor)
    for (let i = 0; i < 1300; i++) store.add(new Item(i, 60_000))
    await turns(400)
    const memories = new Set<ArrayBufferLike>()
    const held: Uint8Array[] = []
    for (let i = 0; i < 200; i++) {
      const item = new Item(i, 60_000)
      store.add(item)
      memories.add(item.place.glance(item.index).buffer)
      if (read) held.push(item.place.read(item.index))
      await turns(3)
    }
    return { memories: memories.size, held: held.map((bytes) => Buffer.from(bytes).toString()) }
  }

  test('is filled again', async () => {
    expect((await fillSlabs(false)).memories).toBeLessThan(5)
  })

  test('is given up where little is in blocks', async () => {
    const store = new ByteStore(zstdCompressor)
    const items = fill(store, 2000)
    await turns(50)
    let size = 0
    for (const place of placesOf(items))
      size += place instanceof Block ? place.compressed.length : (place as Slab).capacity
    expect(store.size).toBe(size)
  })

  test('is given up at the end', async () => {
    const store = new ByteStore(zstdCompressor)
    for (let i = 0; i < 1300; i++) store.add(new Item(i, 60_000))
    await turns(400)
    const before = store.size
    store.end()
    expect(before - store.size).toBe(256 * 1024)
  })

  test('is left to those who have read of it', async () => {
    const { memories, held } = await fillSlabs(true)
    expect(memories).toBeGreaterThan(40)
    expect(held).toEqual(Array.from({ length: 200 }, (_, i) => new Item(i, 60_000).text))
  })
})
