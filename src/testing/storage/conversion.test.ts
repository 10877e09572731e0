import { describe, expect, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'
import { MERGE, startWithRequests } from '../writes/requests.test-support.ts'

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const path = (version: string): string => `/apis/example.com/${version}/namespaces/default/widgets`
const resource = (version: string) =>
  customResource({ group: 'example.com', version, plural: 'widgets', kind: 'Widget' })

const version = (name: string, color?: string): object => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: { type: 'object' } },
  ...(color === undefined ? {} : { selectableFields: [{ jsonPath: '.spec.color' }] }),
})
const definition = (...versions: object[]): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions },
})
const widget = (name: string, color: string): object => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name },
  spec: { color },
})

const start = (...versions: object[]) =>
  startWithRequests({ objects: [definition(...versions), widget('a', 'red'), widget('b', 'blue')] })

describe('the versions of a custom resource', () => {
  test('have the same objects, each under its own apiVersion', async () => {
    const { server, send } = await start(version('v1'), version('v2'))
    const { body } = await send('GET', path('v2'))
    expect(body).toMatchObject({
      apiVersion: 'example.com/v2',
      items: [{ apiVersion: 'example.com/v2', metadata: { name: 'a' } }, { apiVersion: 'example.com/v2' }],
    })
    expect((await send('GET', `${path('v2')}/a`)).body).toMatchObject({ apiVersion: 'example.com/v2' })
    expect(server.get(resource('v2'), 'default/a')).toMatchObject({ apiVersion: 'example.com/v2' })
    expect(server.list(resource('v2'))).toHaveLength(2)
  })

  test('are changed through any of them, and what changes nothing writes nothing', async () => {
    const { server, send } = await start(version('v1'), version('v2'))
    const { resourceVersion } = server.get(resource('v1'), 'default/a')!.metadata
    const same = await send('PATCH', `${path('v2')}/a`, { spec: { color: 'red' } }, MERGE)
    expect(same.body.metadata.resourceVersion).toBe(resourceVersion)
    const changed = await send('PATCH', `${path('v2')}/a`, { spec: { color: 'green' } }, MERGE)
    expect(changed.body.metadata.generation).toBe(2)
    expect(server.get(resource('v1'), 'default/a')).toMatchObject({
      apiVersion: 'example.com/v1',
      spec: { color: 'green' },
    })
    await send('DELETE', `${path('v1')}/a`)
    expect((await send('GET', `${path('v2')}/a`)).status).toBe(404)
    expect((await send('POST', path('v2'), { ...widget('b', 'x'), apiVersion: 'example.com/v2' })).status).toBe(409)
  })

  test('are watched alike', async () => {
    const { server, send } = await start(version('v1'), version('v2', 'spec.color'))
    const query = 'watch=true&resourceVersion=0&timeoutSeconds=1&fieldSelector=spec.color%3Dred'
    const watch = await fetch(`${server.url}${path('v2')}?${query}`)
    await send('PATCH', `${path('v1')}/a`, { spec: { color: 'blue' } }, MERGE)
    await send('PATCH', `${path('v1')}/b`, { spec: { color: 'red' } }, MERGE)
    const events = (await watch.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; object: { apiVersion: string; metadata: { name?: string } } })
    expect(events.map(({ type, object }) => [type, object.metadata.name, object.apiVersion].join(' '))).toEqual([
      'ADDED a example.com/v2',
      'DELETED a example.com/v2',
      'ADDED b example.com/v2',
    ])
  })

  test('keep their objects while one of them is served', async () => {
    const { server, send } = await start(version('v1'), version('v2'))
    await send('PATCH', `${CRDS}/widgets.example.com`, definition(version('v2')), MERGE)
    expect((await send('GET', path('v1'))).status).toBe(404)
    expect(server.list(resource('v2')).map(({ apiVersion }) => apiVersion)).toEqual([
      'example.com/v2',
      'example.com/v2',
    ])
  })

  test('go with their namespace once', async () => {
    const { server, send } = await start(version('v1'), version('v2'))
    await send('POST', '/api/v1/namespaces', { metadata: { name: 'web' } })
    await send('POST', path('v2').replace('default', 'web'), {
      ...widget('c', 'red'),
      apiVersion: 'example.com/v2',
    })
    expect(server.list(resource('v1'))).toHaveLength(3)
    expect((await send('DELETE', '/api/v1/namespaces/web')).status).toBe(200)
    expect(server.list(resource('v1'))).toHaveLength(2)
  })

  test('can be selected by fields that were written before the definition named them', async () => {
    const { send } = await start(version('v1'))
    const selected = `${path('v1')}?fieldSelector=spec.color%3Dred`
    const { status, body } = await send('GET', selected)
    expect([status, body.message]).toEqual([400, 'field label not supported: spec.color'])
    await send('PATCH', `${CRDS}/widgets.example.com`, definition(version('v1', 'spec.color')), MERGE)
    expect((await send('GET', selected)).body.items!.map(({ metadata }) => metadata.name)).toEqual(['a'])
  })
})

describe('built-in resources that are served in two versions', () => {
  const { events } = resources.core.v1
  const event = {
    metadata: { name: 'e', namespace: 'default' },
    involvedObject: { kind: 'Pod', name: 'p' },
    message: 'it is so',
    reason: 'Is',
    count: 3,
  }

  test('share their objects: an event reads in the words of each group', async () => {
    const { server, send } = await startWithRequests()
    server.create(events, event as never)
    const { body } = await send('GET', '/apis/events.k8s.io/v1/namespaces/default/events/e')
    expect(body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      regarding: { kind: 'Pod', name: 'p' },
      note: 'it is so',
      deprecatedCount: 3,
    })
    expect(body).not.toHaveProperty('involvedObject')
    await send('PUT', '/apis/events.k8s.io/v1/namespaces/default/events/e', { ...body, note: 'no longer' })
    expect(server.get(events, 'default/e')).toMatchObject({ message: 'no longer', count: 3, apiVersion: 'v1' })
    const selected = '/apis/events.k8s.io/v1/events?fieldSelector=regarding.name%3Dp'
    expect((await send('GET', selected)).body.items).toHaveLength(1)
  })

  test('leave out what a version has no field for', async () => {
    const { server, send } = await startWithRequests()
    const metrics = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
    ]
    server.create(resources.autoscaling.v2.horizontalpodautoscalers, {
      metadata: { name: 'h' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'd' }, minReplicas: 2, maxReplicas: 5, metrics },
    })
    const { body } = await send('GET', '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers/h')
    expect(body.spec).toMatchObject({ minReplicas: 2, maxReplicas: 5, targetCPUUtilizationPercentage: 60 })
    expect(body.spec).not.toHaveProperty('metrics')
  })
})
