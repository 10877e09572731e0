import { describe, expect, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'
import { MERGE, startWithRequests } from '../writes/requests.test-support.ts'

const { customresourcedefinitions } = resources.apiextensions.v1
const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const WIDGETS = '/apis/example.com/v1/namespaces/default/widgets'

const version = (name: string, more: object = {}): object => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: { type: 'object' } },
  ...more,
})
const definition = (...versions: object[]): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'], categories: ['all'] },
    versions,
  },
})
const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { replicas: 1 } }

describe('a CustomResourceDefinition', () => {
  test('is served at once, in all its versions, the newest stable one first', async () => {
    const { send } = await startWithRequests()
    expect((await send('POST', WIDGETS, widget)).status).toBe(404)
    const { status, body } = await send('POST', CRDS, definition(version('v1beta1'), version('v1'), version('v2')))
    expect(status).toBe(201)
    expect(body.spec['names']).toMatchObject({ singular: 'widget', listKind: 'WidgetList' })
    expect(body.status).toMatchObject({
      conditions: [
        { type: 'NamesAccepted', status: 'True' },
        { type: 'Established', status: 'True' },
      ],
      storedVersions: ['v1'],
    })
    expect((await send('POST', WIDGETS, widget)).status).toBe(201)
    expect((await send('GET', '/apis/example.com')).body).toMatchObject({
      versions: [{ version: 'v2' }, { version: 'v1' }, { version: 'v1beta1' }],
      preferredVersion: { version: 'v2' },
    })
  })

  test('has the subresources that it names', async () => {
    const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' }
    const { server, send } = await startWithRequests({
      objects: [widget, definition(version('v1', { subresources: { scale } }))],
    })
    expect((await send('PUT', `${WIDGETS}/w/scale`, { metadata: { name: 'w' }, spec: { replicas: 4 } })).status).toBe(
      200,
    )
    expect(server.get(widgets, 'default/w')).toMatchObject({ spec: { replicas: 4 }, metadata: { generation: 2 } })
    expect((await send('GET', `${WIDGETS}/w/status`)).status).toBe(404)
    const { body } = await send('PATCH', `${WIDGETS}/w`, { status: { x: 1 } }, MERGE)
    expect(body.status, 'without a subresource it is written like the rest').toEqual({ x: 1 })
  })

  test('that changes changes what is served, and the objects stay', async () => {
    const { server, send } = await startWithRequests({ objects: [definition(version('v1')), widget] })
    const wanted = definition(version('v1', { subresources: { status: {} } }), version('v2'))
    await send('PATCH', `${CRDS}/widgets.example.com`, wanted, MERGE)
    expect((await send('GET', `${WIDGETS}/w/status`)).status).toBe(200)
    expect((await send('GET', '/apis/example.com/v2/widgets')).status).toBe(200)
    await send('PATCH', `${CRDS}/widgets.example.com`, definition(version('v1')), MERGE)
    expect((await send('GET', '/apis/example.com/v2/widgets')).status).toBe(404)
    expect(server.list(widgets)).toHaveLength(1)
  })

  test('that goes takes its objects and its watches with it', async () => {
    const { server, send } = await startWithRequests({ objects: [definition(version('v1')), widget] })
    const watch = await fetch(`${server.url}/apis/example.com/v1/widgets?watch=true&resourceVersion=0`)
    server.delete(customresourcedefinitions, 'widgets.example.com')
    expect(await watch.text()).toContain('"type":"DELETED"')
    const gone = await send('GET', WIDGETS)
    expect([gone.status, gone.body.message]).toEqual([404, '404 page not found\n'])
    await send('POST', CRDS, definition(version('v1')))
    expect((await send('GET', WIDGETS)).body.items, 'a new one is empty').toEqual([])
  })

  test('is there for every resource of the crds option', async () => {
    const { server, send } = await startWithRequests({ crds: [widgets] })
    expect(server.get(customresourcedefinitions, 'widgets.example.com')).toMatchObject({
      metadata: { resourceVersion: '1' },
      spec: { names: { kind: 'Widget' } },
    })
    expect((await send('POST', WIDGETS, widget)).body.metadata.resourceVersion).toBe('2')
  })

  test('comes and goes with the state of the storage', async () => {
    const { server, send } = await startWithRequests()
    const { body } = await send('POST', CRDS, definition(version('v1')))
    await send('POST', WIDGETS, widget)
    const { resourceVersion } = server.get(widgets, 'default/w')!.metadata
    server.delete(customresourcedefinitions, 'widgets.example.com')
    server.faults.restoreStorage(resourceVersion)
    expect(server.list(widgets)).toHaveLength(1)
    server.faults.restoreStorage(String(Number(body.metadata.resourceVersion) - 1))
    expect(() => server.list(widgets)).toThrow('does not serve')
  })

  test('has the name that its plural and group make', async () => {
    const { send } = await startWithRequests()
    const { status, body } = await send('POST', CRDS, { ...definition(version('v1')), metadata: { name: 'other' } })
    expect([status, body.message]).toEqual([422, expect.stringContaining('must be spec.names.plural+"."+spec.group')])
  })

  test.each([
    [{}, 'spec.names.kind'],
    [{ names: { plural: 'as', kind: 'A' }, versions: [null] }, 'spec.versions'],
  ])('has names and versions: %o', async (spec, field) => {
    const { send } = await startWithRequests()
    const { status, body } = await send('POST', CRDS, { metadata: { name: 'x' }, spec })
    expect([status, body.message]).toEqual([422, expect.stringContaining(`${field}: Required value`)])
  })

  test('takes no place of a built-in resource', async () => {
    const { server, send } = await startWithRequests()
    const names = { plural: 'deployments', kind: 'Deployment' }
    const spec = { group: 'apps', names, scope: 'Namespaced', versions: [version('v1')] }
    expect((await send('POST', CRDS, { metadata: { name: 'deployments.apps' }, spec })).status).toBe(201)
    server.delete(customresourcedefinitions, 'deployments.apps')
    expect((await send('GET', '/apis/apps/v1/deployments')).status).toBe(200)
  })
})

describe('a custom resource', () => {
  test.each([
    [
      { ...widget, kind: 'Gadget' },
      422,
      'Gadget.example.com "w" is invalid: kind: Invalid value: "Gadget": must be Widget',
    ],
    [{ metadata: { name: 'w' } }, 400, "Object 'Kind' is missing in"],
    [{ ...widget, apiVersion: 'example.com/v9' }, 400, 'does not match the expected API version (example.com/v1)'],
  ])('has to say what it is: %o', async (object, code, message) => {
    const { send } = await startWithRequests({ crds: [widgets] })
    const { status, body } = await send('POST', WIDGETS, object)
    expect([status, body.message]).toEqual([code, expect.stringContaining(message)])
  })
})
