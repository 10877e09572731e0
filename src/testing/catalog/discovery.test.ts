import { describe, expect, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import { ALL_VERBS } from './resource-facts.ts'
import { documentAt, type DocumentRequest } from './discovery.ts'
import { definitionOf, servedBy } from './custom-definitions.ts'
import { Registry } from './registry.ts'

const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

function read(path: string, options: Partial<DocumentRequest> = {}): Record<string, unknown> {
  const registry = new Registry()
  for (const served of servedBy(definitionOf(widgets))) registry.define(served)
  const document = documentAt(path, { registry, release: '1.36', host: 'h', accept: '', ...options })
  return (document?.body ?? {}) as Record<string, unknown>
}

interface Named {
  readonly name: string
}
const namesIn = (list: unknown): string[] => (list as Named[]).map(({ name }) => name)

describe('discovery', () => {
  test('lists the groups of a server with default flags in its order, then custom ones', () => {
    const names = namesIn(read('/apis')['groups'])
    expect(names.slice(0, 3)).toEqual(['apiregistration.k8s.io', 'apps', 'events.k8s.io'])
    expect(names.at(-1)).toBe('example.com')
    expect(names).not.toContain('extensions')
    expect(read('/apis/autoscaling')).toMatchObject({ preferredVersion: { version: 'v2' } })
  })

  test('says of each resource what clients go by', () => {
    const { resources, groupVersion } = read('/apis/apps/v1')
    expect(groupVersion).toBe('apps/v1')
    expect(resources).toContainEqual({
      name: 'deployments',
      singularName: 'deployment',
      namespaced: true,
      kind: 'Deployment',
      verbs: ALL_VERBS,
      shortNames: ['deploy'],
      categories: ['all'],
    })
    expect(resources).toContainEqual({
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    })
    expect(namesIn(read('/api/v1')['resources'])).toEqual(expect.arrayContaining(['bindings', 'pods', 'pods/eviction']))
  })

  test('is one document where the client takes it aggregated', () => {
    const { kind, items } = read('/api', { accept: AGGREGATED })
    expect([kind, items]).toMatchObject(['APIGroupDiscoveryList', [{ metadata: {}, versions: [{ version: 'v1' }] }]])
    const groups = read('/apis', { accept: AGGREGATED })['items'] as { metadata: Named; versions: unknown }[]
    expect(groups.at(-1)).toEqual({
      metadata: { name: 'example.com' },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [
            {
              resource: 'widgets',
              responseKind: { group: 'example.com', version: 'v1', kind: 'Widget' },
              scope: 'Namespaced',
              singularResource: 'widget',
              verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
              subresources: [
                {
                  subresource: 'status',
                  responseKind: { group: 'example.com', version: 'v1', kind: 'Widget' },
                  verbs: ['get', 'patch', 'update'],
                },
              ],
            },
          ],
        },
      ],
    })
    expect(read('/apis', { accept: 'application/json' })['kind']).toBe('APIGroupList')
  })

  test('has no document of what is not there', () => {
    for (const path of ['/apis/none', '/apis/apps/v9', '/openapi/v2', '/metrics', '/openapi/v3/apis/none/v1']) {
      expect(read(path), path).toEqual({})
    }
  })
})

describe('OpenAPI', () => {
  test('has a document for each group and version, under an address of its state', () => {
    const { paths } = read('/openapi/v3') as { paths: Record<string, { serverRelativeURL: string }> }
    expect(paths['apis/apps/v1']!.serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[\dA-F]{64}$/)
    expect(Object.keys(paths)).toContain('apis/example.com/v1')
  })

  test('tells the types of fields, and how they merge', () => {
    const { components, paths } = read('/openapi/v3/api/v1') as {
      components: { schemas: Record<string, { properties: Record<string, unknown> }> }
      paths: Record<string, { patch: { parameters: Named[] } }>
    }
    expect(components.schemas['core.v1.PodSpec']!.properties).toMatchObject({
      nodeName: { type: 'string' },
      nodeSelector: { type: 'object', additionalProperties: { type: 'string' } },
      containers: {
        type: 'array',
        items: { allOf: [{ $ref: '#/components/schemas/core.v1.Container' }] },
        'x-kubernetes-patch-merge-key': 'name',
        'x-kubernetes-patch-strategy': 'merge',
        'x-kubernetes-list-map-keys': ['name'],
      },
    })
    const { patch } = paths['/api/v1/namespaces/{namespace}/pods/{name}']!
    expect(namesIn(patch.parameters)).toEqual(['dryRun', 'fieldManager', 'fieldValidation', 'force'])
  })
})

test('the version is that of the release played', () => {
  expect(read('/version')).toMatchObject({ major: '1', minor: '36', gitVersion: 'v1.36.0', emulationMinor: '36' })
  expect(read('/version', { release: '1.31' })).not.toHaveProperty('emulationMinor')
})
