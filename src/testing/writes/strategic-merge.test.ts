import { describe, expect, test } from 'vitest'
import { Registry } from '../catalog/registry.ts'
import { typeOf } from './field-type.ts'
import { applyStrategicMerge } from './strategic-merge.ts'

const registry = new Registry()
const podType = typeOf(registry.find('', 'v1', 'pods')!)
const deploymentType = typeOf(registry.find('apps', 'v1', 'deployments')!)

const patchPod = (spec: object, patch: object): unknown =>
  (applyStrategicMerge({ spec }, { spec: patch }, podType) as { spec: unknown }).spec

describe('a strategic merge patch', () => {
  test('merges containers and their variables by name, in the order of the patch', () => {
    const env = (...names: string[]) => names.map((name) => ({ name, value: name }))
    const live = {
      containers: [
        { name: 'a', image: '1', env: env('x', 'y') },
        { name: 'b', image: '1' },
      ],
    }
    const patch = {
      containers: [
        { name: 'a', image: '2', env: [{ name: 'z', value: 'z' }] },
        { name: 'c', image: '3' },
      ],
    }
    expect(patchPod(live, patch)).toEqual({
      containers: [
        { name: 'a', image: '2', env: env('z', 'x', 'y') },
        { name: 'c', image: '3' },
        { name: 'b', image: '1' },
      ],
    })
  })

  test('replaces lists that are atomic, and merges those of plain values', () => {
    expect(patchPod({ tolerations: [{ key: 'a' }] }, { tolerations: [{ key: 'b' }] })).toEqual({
      tolerations: [{ key: 'b' }],
    })
    const live = { metadata: { finalizers: ['a', 'b'] } }
    const merged = applyStrategicMerge(live, { metadata: { finalizers: ['c', 'a'] } }, podType)
    expect(merged).toEqual({ metadata: { finalizers: expect.arrayContaining(['a', 'b', 'c']) as string[] } })
  })

  test('deletes what it is told to', () => {
    const live = { containers: [{ name: 'a' }, { name: 'b' }], nodeName: 'n' }
    const patch = { containers: [{ name: 'a', $patch: 'delete' }], nodeName: null }
    expect(patchPod(live, patch)).toEqual({ containers: [{ name: 'b' }] })
    const values = applyStrategicMerge(
      { metadata: { finalizers: ['a', 'b'] } },
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
      podType,
    )
    expect(values).toEqual({ metadata: { finalizers: ['b'] } })
    expect(patchPod({ securityContext: { runAsUser: 1 } }, { securityContext: { $patch: 'delete' } })).toEqual({
      securityContext: {},
    })
  })

  test('replaces what it is told to', () => {
    const live = { containers: [{ name: 'a' }], securityContext: { runAsUser: 1 } }
    const patch = {
      containers: [{ name: 'b', image: 'x' }, { $patch: 'replace' }],
      securityContext: { $patch: 'replace', fsGroup: 2 },
    }
    expect(patchPod(live, patch)).toEqual({ containers: [{ name: 'b', image: 'x' }], securityContext: { fsGroup: 2 } })
  })

  test('orders elements as it says', () => {
    const live = { containers: ['a', 'b', 'c'].map((name) => ({ name })) }
    const order = ['c', 'a'].map((name) => ({ name }))
    expect(patchPod(live, { '$setElementOrder/containers': order })).toEqual({
      containers: [{ name: 'b' }, { name: 'c' }, { name: 'a' }],
    })
    const patch = { '$setElementOrder/containers': [...order, { name: 'd' }], containers: [{ name: 'd', image: 'x' }] }
    expect(patchPod(live, patch)).toEqual({
      containers: [{ name: 'b' }, { name: 'c' }, { name: 'a' }, { name: 'd', image: 'x' }],
    })
  })

  test('keeps the keys that it is told to, and drops the others', () => {
    const live = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } }
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }
    expect(applyStrategicMerge(live, patch, deploymentType)).toEqual({ spec: { strategy: { type: 'Recreate' } } })
    const volumes = [{ name: 'v', emptyDir: {} }]
    const other = [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/' } }]
    expect(patchPod({ volumes }, { volumes: other })).toEqual({ volumes: [{ name: 'v', hostPath: { path: '/' } }] })
  })

  test('is refused for a directive that there is not, an order that is none, or an element without its key', () => {
    expect(() => patchPod({}, { $patch: 'turn' })).toThrow(expect.objectContaining({ status: 400 }))
    expect(() => patchPod({}, { containers: [{ image: 'x' }] })).toThrow('merge key: name')
    expect(() => patchPod({}, { '$setElementOrder/containers': 5 })).toThrow('setElementOrder list')
  })
})
