import { describe, expect, test } from 'vitest'
import type { Pod } from '../api/generated/index.ts'
import { deepFreeze, type DeepReadonly } from '../api/object.ts'
import { editObject } from './edited-object.ts'

const identity = { name: 'a', namespace: 'web', uid: 'u-1', resourceVersion: '7' }
const pod: DeepReadonly<Pod> = deepFreeze({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...identity,
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'x', tier: 'front' },
    finalizers: ['a/b'],
  },
  spec: { containers: [{ name: 'main', image: 'i:1' }], nodeName: 'n' },
} as Pod)

function patchOf(edit: (draft: Pod) => void, lock?: boolean): unknown {
  return editObject(pod, edit, lock).patch
}

describe('the patch of an edited object', () => {
  test('has what was changed, and the uid', () => {
    const patch = patchOf(({ metadata }) => {
      metadata.labels = { ...metadata.labels, app: 'y' }
      delete metadata.labels['tier']
    })
    expect(patch).toEqual({ metadata: { uid: 'u-1', labels: { app: 'y', tier: null } } })
  })

  test('is not there where nothing was changed, and the object is a copy', () => {
    const { object, patch } = editObject(
      pod,
      (draft) => {
        draft.metadata.labels = { tier: 'front', app: 'x' }
      },
      true,
    )
    expect(patch).toBeUndefined()
    expect(object).toEqual(pod)
    object.spec!.containers[0]!.image = 'i:2'
    expect(pod.spec?.containers[0]?.image).toBe('i:1')
  })

  test('takes undefined and null for removed, and a Date for its text', () => {
    const patch = patchOf(({ metadata, spec }) => {
      Object.assign(metadata, { labels: undefined, annotations: undefined, deletionTimestamp: new Date(0) })
      Object.assign(spec!, { nodeName: null, hostname: undefined })
    })
    expect(patch).toEqual({
      metadata: { uid: 'u-1', labels: null, deletionTimestamp: '1970-01-01T00:00:00.000Z' },
      spec: { nodeName: null },
    })
  })

  test('does not send an array for the sake of a property that is undefined', () => {
    expect(patchOf(({ spec }) => Object.assign(spec!.containers[0]!, { command: undefined }))).toBeUndefined()
  })

  test('reads lazy fields like any others', () => {
    const metadata = { ...identity, creationTimestamp: '', managedFields: [{}] }
    Object.defineProperty(metadata.managedFields[0], 'fieldsV1', { get: () => ({ 'f:a': {} }), enumerable: true })
    const lazy = deepFreeze({ apiVersion: 'v1', kind: 'Pod', metadata } as unknown as Pod)
    const { object, patch } = editObject(lazy, (draft) => (draft.metadata.labels = { a: 'b' }), undefined)
    expect(patch).toEqual({ metadata: { uid: 'u-1', labels: { a: 'b' } } })
    expect(object.metadata.managedFields).toEqual([{ fieldsV1: { 'f:a': {} } }])
  })
})

describe('the resourceVersion', () => {
  const rename = (draft: Pod) => void (draft.metadata.labels = {})
  const finalize = (draft: Pod) => void draft.metadata.finalizers?.pop()

  test.each([
    ['goes with an array', finalize, undefined, '7'],
    ['goes with an array that is removed', (draft: Pod) => void delete draft.metadata.finalizers, undefined, '7'],
    ['goes with anything by lock: true', rename, true, '7'],
    ['does not go without an array', rename, undefined, undefined],
    ['never goes by lock: false', finalize, false, undefined],
  ])('%s', (_title, edit, lock, version) => {
    const patch = patchOf(edit, lock) as { readonly metadata: object }
    expect(Object.entries(patch.metadata).find(([key]) => key === 'resourceVersion')?.[1]).toBe(version)
  })

  test('has to be there for a lock', () => {
    const unversioned = { ...pod, metadata: { ...pod.metadata, resourceVersion: '' } } as Pod
    expect(() => editObject(unversioned, rename, true)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    expect(editObject(unversioned, rename, undefined).patch).toBeDefined()
  })
})

describe('an edit', () => {
  test.each([
    ['kind', (draft: Pod) => Object.assign(draft, { kind: 'Node' })],
    ['apiVersion', (draft: Pod) => Object.assign(draft, { apiVersion: undefined })],
    ['metadata.name', (draft: Pod) => (draft.metadata.name = 'b')],
    ['metadata.namespace', (draft: Pod) => delete draft.metadata.namespace],
    ['metadata.uid', (draft: Pod) => (draft.metadata.uid = '')],
    ['metadata.resourceVersion', (draft: Pod) => Object.assign(draft.metadata, { resourceVersion: null })],
    ['metadata.uid', (draft: Pod) => Object.assign(draft, { metadata: 'none' })],
  ])('may not change %s', (field, edit) => {
    expect(() => patchOf(edit as (draft: Pod) => void)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(field) as string }),
    )
  })

  test('may not be asynchronous, whatever becomes of it', () => {
    const edit = async () => Promise.reject(new Error('late'))
    expect(() => patchOf(edit)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('may not make what JSON cannot hold', () => {
    for (const value of [pod.metadata, 1n]) {
      const edit = (draft: Pod) => {
        const circle = typeof value === 'bigint' ? value : draft
        Object.assign(draft.spec!, { nodeName: circle })
      }
      expect(() => patchOf(edit)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    }
  })

  test('throws what it throws', () => {
    const error = new Error('mine')
    expect(() =>
      patchOf(() => {
        throw error
      }),
    ).toThrow(error)
  })
})
