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
