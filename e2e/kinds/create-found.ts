import { eachLimited } from '../support/each-limited.ts'
import type { ApiClient } from './api-client.ts'
import type { FoundObject } from './found-object.ts'
import { collectionOf, pathOfObject } from './paths.ts'
import { nameOf, type ServedResource } from './served.ts'

const LANES = 4

/** Creates the objects, those of a resource in their order, and returns what the server refused. */
export async function createFound(
  client: ApiClient,
  served: readonly ServedResource[],
  found: readonly FoundObject[],
): Promise<string[]> {
  const refusals: string[] = []
  await eachLimited(served, LANES, async (resource) => {
    for (const each of found.filter((object) => object.resource === nameOf(resource))) {
      await create(client, resource, each).catch((error: unknown) => void refusals.push(String(error)))
    }
  })
  const names = new Set(served.map(nameOf))
  const unserved = found.filter(({ resource }) => !names.has(resource))
  return [...refusals, ...unserved.map(({ resource }) => `${resource} is not served`)]
}

async function create(client: ApiClient, resource: ServedResource, found: FoundObject): Promise<void> {
  const { object, patches = [], isDeleted = false } = found
  await client.expectOk('POST', collectionOf(resource, object), object)
  for (const { subresource, body } of patches) {
    await client.expectOk('PATCH', pathOfObject(resource, object, subresource), body)
  }
  if (isDeleted) await client.expectOk('DELETE', pathOfObject(resource, object), { gracePeriodSeconds: 30 })
}
