import { afterEach, describe, expect, test } from 'vitest'
import { zstdCompressor } from '../zstd-compressor.ts'
import type { Change } from './change.ts'
import type { Entry } from './entry.ts'
import { ObjectStore } from './object-store.ts'
import { Replacement } from './replacement.ts'
import { testCodec, type Thing, wire } from './store.test-support.ts'

/** Two of them are a block, and four a slab: a store of so many fills its slabs again. */
const LENGTH = 60_000
const OBJECTS = 1200
const STEPS = 1500

/** The same numbers for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    return (state >>> 8) % below
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Has its version in every part of its bytes. */
function thing(number: number, version: number): ReturnType<typeof wire> {
  return wire(`thing-${number}`, { version: `${version}`, spec: { text: `${version} `.repeat(LENGTH / 8) } })
}

/** A store that is written to and listed anew; who listens to it holds versions, and bytes of them. */
class Holder {
  readonly store: ObjectStore<Thing>
  readonly #random: (below: number) => number
  readonly #versions: Entry<Thing>[] = []
  readonly #held: { readonly bytes: Uint8Array; readonly copy: Uint8Array }[] = []
  #version = 0

  constructor(random: (below: number) => number) {
    this.#random = random
    this.store = new ObjectStore<Thing>({
      codec: testCodec,
      retain: 'compressed',
      compressor: zstdCompressor,
      hotBytes: 0,
      onQuarantine: (_key, error) => expect.unreachable(error.message),
      onChanges: (changes) => this.#hear(changes),
    })
  }

  async write(): Promise<void> {
    const number = this.#random(OBJECTS)
    if (this.#random(3) === 0) this.store.delete(thing(number, ++this.#version))
    else this.store.put(thing(number, ++this.#version))
    if (this.#random(20) === 0) this.#hold()
    if (this.#random(4) === 0) await turn()
  }

  /** Many at once, of which some are there already. One in two breaks off. */
  async relist(): Promise<void> {
    const options = { namespace: undefined, isInitialList: false, trustsVersions: true, onDuplicate: () => {} }
    const replacement = new Replacement<Thing>(this.store, options)
    for (let number = 0; number < OBJECTS; number++) {
      const known = this.store.get(`web/thing-${number}`)
      const version = known !== undefined && this.#random(10) > 0 ? Number(known.resourceVersion) : ++this.#version
      replacement.stage(thing(number, version))
      if (this.#random(20) === 0) await turn()
    }
    if (this.#random(2) === 0) replacement.abandon()
    else await replacement.commit()
  }

  /** What is held are the bytes that were read; each version that is held is decoded from its own (`testCodec`). */
  check(): void {
    expect(this.#held.filter(({ bytes, copy }) => Buffer.compare(bytes, copy) !== 0)).toEqual([])
    for (const entry of this.#versions) entry.readOnce()
  }

  #hold(): void {
    const entry = this.#versions[this.#random(this.#versions.length)]!
    const bytes = entry.bytes!
    this.#held.push({ bytes, copy: Uint8Array.from(bytes) })
  }

  #hear(changes: readonly Change<Thing>[]): void {
    for (const { object } of changes) {
      this.#versions.push(object)
      if (this.#versions.length > 300) this.#versions.splice(0, 100)
    }
  }
}

describe('a compressed store that fills its slabs again', () => {
  let store: ObjectStore<Thing> | undefined
  afterEach(() => store?.end())

  test.each([1, 2, 3])('leaves bytes and versions that are held as they are (seed %i)', async (seed) => {
    const holder = new Holder(randomFrom(seed))
    store = holder.store
    for (let round = 0; round < 3; round++) {
      await holder.relist()
      for (let step = 0; step < STEPS / 3; step++) await holder.write()
      holder.check()
    }
    holder.check()
  })
})
