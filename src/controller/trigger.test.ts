import { describe, expect, test } from 'vitest'
import { resources, type Secret } from '../api/generated/index.ts'
import type { KubernetesObject, OwnerReference } from '../api/object.ts'
import { customResource, metadataOnly, type Resource } from '../api/resource.ts'
import type { Informer } from '../informer/informer.ts'
import { configMap, configMaps, ControllerRig, secrets } from './controller.test-support.ts'
import { checkTrigger, owns, type Trigger, watches } from './trigger.ts'

function owner(name: string, more: Partial<OwnerReference> = {}): OwnerReference {
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: `uid-of-${name}`, controller: true, ...more }
}

/** A controller of ConfigMaps that is idle, with a trigger of Secrets. */
async function withTrigger(trigger: (informer: Informer<Secret>) => Trigger): Promise<ControllerRig> {
  const rig = await ControllerRig.start([configMap('a'), configMap('b')])
  const controller = rig.controller({ triggers: [trigger(rig.informer(secrets))] })
  controller.start()
  await controller.idle()
  await rig.settled()
  return rig
}

describe('owns', () => {
  test('runs the owner of what is added, changed and deleted', async () => {
    const rig = await withTrigger(owns)
    rig.server.create(secrets, { metadata: { namespace: 'web', name: 's', ownerReferences: [owner('a')] } })
    expect(await rig.settled()).toEqual(['web/a'])
    rig.server.edit(secrets, 'web/s', (draft) => void (draft.type = 'other'))
    expect(await rig.settled()).toEqual(['web/a'])
    rig.server.delete(secrets, 'web/s')
    expect(await rig.settled()).toEqual(['web/a'])
  })

  test('runs both owners when a change gives the object to another', async () => {
    const rig = await withTrigger(owns)
    rig.server.create(secrets, { metadata: { namespace: 'web', name: 's', ownerReferences: [owner('a')] } })
    await rig.settled()
    rig.server.edit(secrets, 'web/s', (draft) => void (draft.metadata.ownerReferences = [owner('b')]))
    expect(await rig.settled()).toEqual(['web/a', 'web/b'])
    rig.server.edit(secrets, 'web/s', (draft) => void delete draft.metadata.ownerReferences)
    expect(await rig.settled()).toEqual(['web/b'])
  })

  test.each<[string, object | undefined, Resource, readonly unknown[]]>([
    ['a controller of the kind', owner('a'), configMaps, [{ namespace: 'web', name: 'a' }]],
    ['one of another version', owner('a', { apiVersion: 'v9' }), configMaps, [{ namespace: 'web', name: 'a' }]],
    ['one that is no controller', owner('a', { controller: false }), configMaps, []],
    ['one of another kind', owner('a', { kind: 'Secret' }), configMaps, []],
    ['one of another group', owner('a', { apiVersion: 'other.org/v1' }), configMaps, []],
    ['one that is cluster-scoped', owner('n', { kind: 'Node' }), resources.core.v1.nodes, ['n']],
    [
      'one of a group',
      owner('d', { apiVersion: 'apps/v1', kind: 'Deployment' }),
      resources.apps.v1.deployments,
      [{ namespace: 'web', name: 'd' }],
    ],
    ['nobody', undefined, configMaps, []],
  ])('of %s', async (_, reference, resource, keys) => {
    const rig = await ControllerRig.start([])
    const trigger = checkTrigger(owns(rig.informer(secrets)), resource)
    const ownerReferences = reference === undefined ? undefined : [owner('z', { controller: false }), reference]
    const object = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'web', name: 's', ownerReferences } }
    expect([...trigger.keysOf(object as unknown as KubernetesObject, resource)]).toEqual(keys)
  })

  test('does not take a namespaced owner for that of a cluster-scoped object', async () => {
    const rig = await ControllerRig.start([])
    const widgets = customResource({
      group: 'w.org',
      version: 'v1',
      plural: 'widgets',
      kind: 'Widget',
      namespaced: false,
    })
    const trigger = checkTrigger(owns(rig.informer(widgets)), configMaps)
    const object = { apiVersion: 'w.org/v1', kind: 'Widget', metadata: { name: 'w', ownerReferences: [owner('a')] } }
    expect([...trigger.keysOf(object as unknown as KubernetesObject, configMaps)]).toEqual([])
  })

  test('refuses a controller of metadata alone, whose kind is not known', async () => {
    const rig = await ControllerRig.start([])
    const informer = rig.informer(metadataOnly(configMaps)) as Informer<never>
    expect(() => rig.controller({ informer, triggers: [owns(rig.informer(secrets))] })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
  })
})

describe('watches', () => {
  test('runs what the object names, and what it named before', async () => {
    const rig = await withTrigger((informer) => watches(informer, (secret) => secret.type?.split(',') ?? []))
    rig.server.create(secrets, { metadata: { namespace: 'web', name: 's' }, type: 'web/a,web/x' })
    expect(await rig.settled()).toEqual(['web/a', 'web/x'])
    rig.server.edit(secrets, 'web/s', (draft) => void (draft.type = 'web/b'))
    expect(await rig.settled()).toEqual(['web/a', 'web/b', 'web/x'])
    rig.server.delete(secrets, 'web/s')
    expect(await rig.settled()).toEqual(['web/b'])
    expect(rig.errors).toEqual([])
  })

  test('reports a map that throws and keys that are none, and runs the others', async () => {
    const cause = new Error('broken')
    const rig = await withTrigger((informer) =>
      watches(informer, ({ type = '' }) => {
        if (type === 'broken') throw cause
        return type.split(',')
      }),
    )
    rig.server.create(secrets, { metadata: { namespace: 'web', name: 's' }, type: 'web/a,nothing' })
    expect(await rig.settled()).toEqual(['web/a'])
    expect(rig.codes).toEqual(['ERR_KEY'])
    rig.server.edit(secrets, 'web/s', (draft) => void (draft.type = 'broken'))
    expect(await rig.settled()).toEqual(['web/a'])
    expect(rig.errors.slice(1)).toMatchObject([{ code: 'ERR_KEY' }, { code: 'ERR_HANDLER', cause }])
  })
})
