import type { Resource } from '../../src/index.ts'
import type { ApiClient } from './api-client.ts'
import { namespaceOf } from './manifests.ts'

/** What objects refer to and the server looks up: without it, it refuses them. */
const OBJECTS: readonly (readonly [path: string, object: object])[] = [
  [
    '/apis/node.k8s.io/v1/runtimeclasses',
    { metadata: { name: 'kf' }, handler: 'kf', overhead: { podFixed: { cpu: '10m' } } },
  ],
  ['/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'kf' }, value: 7, description: 'of fixtures' }],
]

/** Makes the namespaces of the resources, and what their objects refer to. */
export async function createFixtures(client: ApiClient, resources: readonly Resource[]): Promise<void> {
  for (const [path, object] of OBJECTS) await client.expectOk('POST', path, object)
  for (const resource of resources) {
    if (!resource.namespaced) continue
    await client.expectOk('POST', '/api/v1/namespaces', { metadata: { name: namespaceOf(resource) } })
  }
}
