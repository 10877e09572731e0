import { describe, expect, test } from 'vitest'
import { joinKey, keyOf, normalizeKey, type ObjectKey } from './key.ts'

const pods = { plural: 'pods', namespaced: true }
const nodes = { plural: 'nodes', namespaced: false }

describe('a key', () => {
  test('is namespace and name, or the name alone', () => {
    const metadata = { name: 'a', uid: '', resourceVersion: '', creationTimestamp: '' }
    expect(keyOf({ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, namespace: 'web' } })).toBe('web/a')
    expect(keyOf({ apiVersion: 'v1', kind: 'Node', metadata })).toBe('a')
    expect([joinKey('', 'a'), joinKey(undefined, 'a'), joinKey('web', 'a')]).toEqual(['a', 'a', 'web/a'])
  })

  test.each<[ObjectKey, string, typeof pods]>([
    ['web/a', 'web/a', pods],
    [{ namespace: 'web', name: 'a' }, 'web/a', pods],
    ['system:node', 'system:node', nodes],
    [{ name: 'a' }, 'a', nodes],
    [{ namespace: undefined, name: 'a' }, 'a', nodes],
    [{ namespace: '', name: 'a' }, 'a', nodes],
  ])('%j is %s', (key, expected, resource) => {
    expect(normalizeKey(key, resource)).toBe(expected)
  })

  test.each<[ObjectKey, typeof pods, string]>([
    ['a', pods, 'a key of pods is namespace/name: got "a"'],
    ['', pods, 'a key of pods is namespace/name: got ""'],
    ['web/', pods, 'a key of pods is namespace/name: got "web/"'],
    ['/a', pods, 'a key of pods is namespace/name: got "/a"'],
    ['web/a/b', pods, 'a key of pods is namespace/name: got "web/a/b"'],
    [{ name: 'a' }, pods, 'a key of pods is namespace/name: got {"name":"a"}'],
    [{ name: 'web/a' }, pods, 'a key of pods is namespace/name: got {"name":"web/a"}'],
    [{ namespace: 'web/a', name: '' }, pods, 'a key of pods is namespace/name: got {"namespace":"web/a","name":""}'],
    ['web/a', nodes, 'a key of nodes is name, without a namespace: got "web/a"'],
    [
      { namespace: 'web', name: 'a' },
      nodes,
      'a key of nodes is name, without a namespace: got {"namespace":"web","name":"a"}',
    ],
    ['', nodes, 'a key of nodes is name, without a namespace: got ""'],
  ])('%j is refused', (key, resource, message) => {
    expect(() => normalizeKey(key, resource)).toThrow(expect.objectContaining({ code: 'ERR_KEY', message }))
  })
})
