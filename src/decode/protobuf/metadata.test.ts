import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, describe } from 'vitest'
import { allocateOwn } from '../byte-arena.ts'
import { createItem, readIdentity } from './object.ts'
import { message, objectMeta } from './wire.test-support.ts'

const NOTHING = { tree: undefined, plan: undefined }

function identityOf(metadata: Uint8Array) {
  const bytes = Buffer.from(message([[1, metadata]]))
  const { key, namespace, name, uid, resourceVersion } = createItem(
    bytes,
    { apiVersion: 'v1', kind: 'X' },
    NOTHING,
    allocateOwn,
  )
  return { key, namespace, name, uid, resourceVersion }
}

const LONG = 'long.'.repeat(200)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('who an object is', () => {
  test.each([
    { namespace: 'web', name: 'a' },
    { namespace: 'wax', name: 'web' }, // as long as the one before
    { namespace: 'wax', name: 'wax/a' },
    { namespace: '', name: 'node-1' },
    { namespace: 'web', name: 'größe-1' },
    { namespace: 'größe', name: 'a' },
    { namespace: 'web', name: LONG },
    { namespace: LONG, name: 'a' },
    { namespace: '', name: LONG },
  ])('is read from its metadata: $namespace $name', ({ namespace, name }) => {
    const found = identityOf(objectMeta({ namespace, name, uid: 'ü', resourceVersion: '12345678901234567890' }))
    expect(found).toEqual({
      key: namespace === '' ? name : `${namespace}/${name}`,
      namespace: namespace || undefined,
      name,
      uid: 'ü',
      resourceVersion: '12345678901234567890',
    })
  })

  test('is what is said last, as any field of a message', () => {
    const twice = Buffer.concat([objectMeta({ name: 'first' }), objectMeta({ name: 'last', namespace: 'db' })])
    expect(identityOf(twice)).toMatchObject({ key: 'db/last', namespace: 'db', name: 'last' })
  })

  test('is put together of metadata that comes in two parts', () => {
    const bytes = message([
      [
        1,
        message([
          [1, 'a'],
          [3, 'web'],
        ]),
      ],
      [
        1,
        message([
          [5, 'u'],
          [6, '7'],
        ]),
      ],
    ])
    expect(readIdentity(bytes)).toMatchObject({ key: 'web/a', uid: 'u', resourceVersion: '7', isComplete: true })
  })

  test('is not read from fields of another type, nor left over from the object before', () => {
    expect(identityOf(objectMeta({ name: 'before', namespace: 'web', uid: 'u' }))).toMatchObject({ name: 'before' })
    const bytes = message([
      [
        1,
        message([
          [1, 1],
          [3, 3],
          [5, 5],
        ]),
      ],
    ])
    expect(readIdentity(bytes)).toMatchObject({ name: '', namespace: undefined, uid: '', resourceVersion: '' })
  })
})

describe('the bytes of what is read', () => {
  const typeMeta = { apiVersion: 'v1', kind: 'X' }
  const nameless = message([[1, objectMeta({ namespace: 'web', name: '' })]])
  const whole = message([[1, objectMeta({ namespace: 'web', name: 'a' })]])

  /** Whether the bytes are there once the read has ended, in whatever way. */
  async function areHeld(bytes: Uint8Array, read: (bytes: Buffer) => void): Promise<boolean> {
    const held = ((own) => {
      try {
        read(own)
      } catch {} // what it is, others look at
      return new WeakRef(own.buffer)
    })(Buffer.from(Uint8Array.from(bytes).buffer))
    await new Promise((resolve) => setImmediate(resolve)) // until then a WeakRef holds what it has been given
    collectGarbage()
    return held.deref() !== undefined
  }

  test.each([
    ['is read', whole],
    ['has no name', nameless],
    ['is cut off', whole.subarray(0, -1)],
  ])('are held by nobody when the object %s', async (_, bytes) => {
    expect(await areHeld(bytes, (own) => createItem(own, typeMeta, NOTHING, allocateOwn))).toBe(false)
    expect(await areHeld(bytes, (own) => readIdentity(own))).toBe(false)
  })
})
