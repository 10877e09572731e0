import { describe, expect, test } from 'vitest'
import { resources } from './generated/index.ts'
import { type KubernetesObject, mutable } from './object.ts'
import { apiVersionOf, collectionPath, customResource, metadataOnly } from './resource.ts'

const { pods } = resources.core.v1
const { deployments } = resources.apps.v1
const widget = { group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' }

describe('a resource', () => {
  test('has the path and the apiVersion that the server knows it by', () => {
    expect([collectionPath(pods), collectionPath(pods, 'web'), apiVersionOf(pods)]).toEqual([
      '/api/v1/pods',
      '/api/v1/namespaces/web/pods',
      'v1',
    ])
    expect([collectionPath(deployments, 'web'), apiVersionOf(deployments)]).toEqual([
      '/apis/apps/v1/namespaces/web/deployments',
      'apps/v1',
    ])
  })

  test('as metadata only keeps its path', () => {
    const metadata = metadataOnly(deployments)
    expect([collectionPath(metadata), apiVersionOf(metadata), metadata.kind]).toEqual([
      '/apis/apps/v1/deployments',
      'meta.k8s.io/v1',
      'PartialObjectMetadata',
    ])
  })

  test('of one own is namespaced unless told otherwise, and frozen', () => {
    expect(customResource(widget)).toEqual({ ...widget, namespaced: true })
    expect(customResource({ ...widget, namespaced: false }).namespaced).toBe(false)
    expect(Object.isFrozen(customResource(widget))).toBe(true)
  })

  test('with schemas has no more than without: nothing is parsed with them', () => {
    const schema = {
      get '~standard'(): never {
        throw new Error('it was looked at')
      },
    }
    expect(customResource({ ...widget, spec: schema, status: schema })).toEqual(customResource(widget))
  })

  test.each([
    ['group', ''],
    ['version', 'v1/x'],
    ['plural', 'a b'],
    ['kind', undefined],
  ])('with the %s %j is refused', (part, value) => {
    expect(() => customResource<KubernetesObject>({ ...widget, [part]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(part) }),
    )
  })
})

describe('a mutable copy', () => {
  test('is deep, and leaves the original frozen', () => {
    const original = Object.freeze({ spec: Object.freeze({ list: Object.freeze([1]) }) })
    const copy = mutable<{ spec: { list: number[] } }>(original)
    copy.spec.list.push(2)
    expect([original.spec.list, copy.spec.list]).toEqual([[1], [1, 2]])
  })
})
