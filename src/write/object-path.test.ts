import { describe, expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import { creationPath, objectPath } from './object-path.ts'

const { pods, nodes } = resources.core.v1
const { clusterroles } = resources.rbac.v1

describe('the path of an object', () => {
  test.each([
    ['/api/v1/namespaces/web/pods/a', () => objectPath(pods, 'web/a')],
    ['/api/v1/namespaces/web/pods/a/status', () => objectPath(pods, { namespace: 'web', name: 'a' }, 'status')],
    ['/api/v1/nodes/n', () => objectPath(nodes, 'n')],
    [
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3A%3Fx%25',
      () => objectPath(clusterroles, { name: 'system:?x%' }),
    ],
    ['/api/v1/namespaces/web/pods', () => creationPath(pods, { namespace: 'web', generateName: 'a-' })],
    ['/api/v1/nodes', () => creationPath(nodes, { name: 'n' })],
  ])('is %s', (path, make) => {
    expect(make()).toBe(path)
  })

  test.each([
    ['without a namespace', () => objectPath(pods, { name: 'a' })],
    ['with a namespace where there is none', () => objectPath(nodes, 'web/a')],
    ['without a name', () => objectPath(pods, { namespace: 'web', name: '' })],
    ['that a proxy would take for the collection', () => objectPath(pods, 'web/.')],
    ['that a proxy would take for what is above', () => objectPath(pods, '../a')],
    ['of what is to be created without a namespace', () => creationPath(pods, { name: 'a' })],
    ['of what is to be created without a name', () => creationPath(pods, { namespace: 'web' })],
    ['of what is to be created without metadata', () => creationPath(pods, undefined)],
  ])('is refused %s', (_title, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_KEY' }))
  })

  test.each(['', '..', 'status/../..', 'a?b'])('is refused with the subresource %j', (subresource) => {
    expect(() => objectPath(pods, 'web/a', subresource)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
