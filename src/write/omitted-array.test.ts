import { describe, expect, test } from 'vitest'
import { type Pod, resources } from '../api/generated/index.ts'
import { type DeepReadonly, mutable } from '../api/object.ts'
import type { InformerOptions } from '../informer/informer.ts'
import { failureOf, type Rig, startRig } from './writer.test-support.ts'

const { pods } = resources.core.v1

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'default', finalizers: ['x/y'] },
  spec: {
    containers: [{ name: 'c', image: 'i:1', env: [{ name: 'A', value: '1' }], resources: {} }],
    tolerations: [{ key: 'k', operator: 'Exists' }],
  },
}
const omit = ['spec.containers[*].env', 'spec.ephemeralContainers.env', 'metadata.finalizers']

type Edit = (draft: Pod) => void

const setImage: Edit = ({ spec }) => void (spec!.containers[0]!.image = 'i:2')
const addFinalizer: Edit = ({ metadata }) => void (metadata.finalizers ??= []).push('mine/too')

async function startWith(options: InformerOptions<Pod>): Promise<Rig & { readonly current: DeepReadonly<Pod> }> {
  const rig = await startRig({ objects: [pod] })
  const { store } = await rig.informer(pods, options)
  return { ...rig, current: store.get('default/a')! }
}

async function expectRefused({ server, writer }: Rig, current: DeepReadonly<Pod>, edit: Edit): Promise<void> {
  const before = server.requests.length
  expect(await failureOf(writer(pods).patch(current, edit))).toMatchObject({ code: 'ERR_OPTION', retryable: false })
  expect(server.requests).toHaveLength(before)
}

describe.each(['protobuf', 'json'] as const)('an array of which `omit` has cut something, from %s', (encoding) => {
  test.each(['wire', 'compressed', 'objects'] as const)('is not sent, with retain %s', async (retain) => {
    const rig = await startWith({ encoding, retain, omit })
    await expectRefused(rig, rig.current, setImage)
    await expectRefused(rig, rig.current, ({ spec }) => void spec!.containers.splice(0))
    await expectRefused(rig, rig.current, addFinalizer)
    const patched = await rig.writer(pods).patch(rig.current, ({ metadata }) => (metadata.labels = { a: 'b' }))
    expect(patched.spec?.containers[0]?.env).toEqual(pod.spec.containers[0]!.env)
    expect(patched.metadata.finalizers).toEqual(['x/y'])
  })

  test('is not sent from a delta either, nor from what it follows on', async () => {
    const rig = await startRig({ objects: [pod] })
    const informer = await rig.informer(pods, { encoding, omit })
    const told = Promise.withResolvers<readonly DeepReadonly<Pod>[]>()
    informer.subscribe((delta) => {
      if (delta.type === 'updated') told.resolve([delta.object, delta.previous])
    })
    await rig.writer(pods).patch(informer.store.get('default/a')!, ({ metadata }) => (metadata.labels = { a: 'b' }))
    for (const object of await told.promise) await expectRefused(rig, object, setImage)
  })

  test('can be taken away as a whole, come where none was, and others can be changed', async () => {
    const { writer, current } = await startWith({ encoding, omit })
    const patched = await writer(pods).patch(current, ({ spec }) => {
      spec!.ephemeralContainers = [{ name: 'e', image: 'i:1', env: [{ name: 'B', value: '2' }] }]
      spec!.tolerations = []
      delete (spec as Partial<Pod['spec'] & object>).containers
    })
    expect(patched.spec).toMatchObject({ ephemeralContainers: [{ name: 'e' }], containers: null })
    expect(patched.spec?.tolerations).toBeUndefined()
  })
})

describe('an object of which `omit` has cut something', () => {
  test('is still that after a transform, as a copy of `mutable`, and as what an edit left as it was', async () => {
    const rig = await startWith({ omit, transform: (object) => ({ ...object, metadata: { ...object.metadata } }) })
    await expectRefused(rig, rig.current, setImage)
    await expectRefused(rig, mutable(rig.current), setImage)
    await expectRefused(rig, await rig.writer(pods).patch(rig.current, () => {}), setImage)
  })

  test('is whole again as what a write has returned', async () => {
    const { writer, current } = await startWith({ omit })
    const whole = await writer(pods).patch(current, ({ metadata }) => (metadata.labels = { a: 'b' }))
    const patched = await writer(pods).patch(whole, setImage)
    expect(patched.spec?.containers).toEqual([{ ...pod.spec.containers[0], image: 'i:2' }])
  })

  test('is named in the error by what was cut', async () => {
    const { writer, current } = await startWith({ omit: ['status'] })
    const fail: Edit = (draft) => (draft.status = { conditions: [{ type: 'Ready', status: 'True' }] })
    expect(await failureOf(writer(pods).patch(current, fail))).toHaveProperty(
      'message',
      "patch: the edit changes an array, which is sent whole, and the informer's omit has cut status",
    )
  })

  test('keeps its managedFields, unless the edit resets them', async () => {
    const rig = await startRig({ managedFields: true })
    await rig.writer(pods, { fieldManager: 'first' }).create(pod)
    const { store } = await rig.informer(pods, { keepManagedFields: false })
    const current = store.get('default/a')!
    expect(current.metadata.managedFields).toBeUndefined()
    const patched = await rig.writer(pods).patch(current, setImage)
    expect(patched.metadata.managedFields?.map(({ manager }) => manager)).toContain('first')
    await rig.writer(pods).patch(patched, (draft) => (draft.metadata.managedFields = [{}]))
  })
})
