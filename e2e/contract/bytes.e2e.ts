import type { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiVersionOf, collectionPath } from '../../src/api/resource.ts'
import type { Resource } from '../../src/index.ts'
import { TestApiServer } from '../../src/testing/index.ts'
import { ApiClient } from '../kinds/api-client.ts'
import { builtInResources } from '../kinds/builtin-table.ts'
import { createFixtures } from '../kinds/fixtures.ts'
import { createFound } from '../kinds/create-found.ts'
import { readFoundObjects } from '../kinds/found-object.ts'
import { kindsVersion, openKindsCluster } from '../kinds/kinds-cluster.ts'
import { nameOf, servedResources } from '../kinds/served.ts'
import type { Cluster } from '../support/cluster.ts'
import { randomFrom } from '../support/random.ts'
import { count, say } from '../support/say.ts'
import { createWidgetKind, makeWidget, widgetKind, widgetResource } from '../support/widgets.ts'
import { bytesDifference } from './bytes-difference.ts'
import { as, JSON_TYPE, PROTOBUF } from './media-types.ts'
import { BytesReader } from './read-bytes.ts'

const found = readFoundObjects().filter(({ resource }) => /\/v\d+ /.test(resource))
const names = new Set(found.map(({ resource }) => resource))
// What only v2 has fields for the real server puts into annotations of v1.
names.delete('autoscaling/v1 horizontalpodautoscalers')
/** The same objects as another kind's: they are not put in twice. */
const CONVERTED = 'events.k8s.io/v1 events'

const kinds: readonly { readonly name: string; readonly resource: Resource }[] = builtInResources()
  .filter((resource) => names.has(nameOf(resource)))
  .map((resource) => ({ name: nameOf(resource), resource }))

const widget = widgetResource(widgetKind('bytes'))
const WIDGETS = 12

interface Item {
  apiVersion?: string
  kind?: string
}

/** The same objects on both servers, and every body the same to the last byte. */
describe.skipIf(kindsVersion() === undefined)('TestApiServer with the objects of a kube-apiserver', () => {
  let cluster: Cluster
  let ours: TestApiServer
  let realBytes: BytesReader
  let ourBytes: BytesReader
  /** Of the state that is compared: other than in it, the real server's own leases change all the time. */
  let version: string
  const items = new Map<Resource, Item[]>()
  let compared = 0

  beforeAll(async () => {
    cluster = await openKindsCluster()
    await using client = new ApiClient(cluster.kubeConfig())
    const config = cluster.kubeConfig()
    await fill(client, config)
    const ca = Buffer.from(config.getCurrentCluster()!.caData!, 'base64')
    realBytes = new BytesReader({
      origin: config.getCurrentCluster()!.server,
      token: config.getCurrentUser()!.token!,
      ca,
    })
    version = await versionNow()
    for (const resource of [...kinds.map((kind) => kind.resource), widget])
      items.set(resource, await readItems(resource))
    const objects = [...items].flatMap(([resource, all]) => (nameOf(resource) === CONVERTED ? [] : all))
    ours = await TestApiServer.start({ release: '1.36', objects, resourceVersion: version })
    ourBytes = new BytesReader({ origin: ours.url, token: '', ca: undefined })
  })

  afterAll(async () => {
    say(`bytes: ${count(compared)} the same in ${kinds.length + 1} kinds`)
    await Promise.all([realBytes?.[Symbol.asyncDispose](), ourBytes?.[Symbol.asyncDispose]()])
    await ours?.stop()
    await cluster?.stop()
  })

  test('has at least 30 kinds and a custom one', () => {
    expect([...items.values()].filter((all) => all.length > 0).length).toBeGreaterThan(30)
    expect(items.get(widget)).toHaveLength(WIDGETS)
  })

  describe.each([
    { as: 'JSON', accept: JSON_TYPE },
    { as: 'protobuf', accept: PROTOBUF },
    { as: 'metadata in JSON', accept: as('PartialObjectMetadataList'), event: as('PartialObjectMetadata') },
    {
      as: 'metadata in protobuf',
      accept: as('PartialObjectMetadataList', PROTOBUF),
      event: as('PartialObjectMetadata', PROTOBUF),
    },
  ])('lists and watches in the same bytes of $as', ({ accept, event = accept }) => {
    test.each(kinds)('$name', ({ resource }) => compare(resource, accept, event))

    // which has no protobuf
    if (accept !== PROTOBUF) test('a custom resource', () => compare(widget, accept, event))
  })

  async function compare(resource: Resource, accept: string, event: string): Promise<void> {
    const isSecret = resource.plural === 'secrets'
    const exact = `resourceVersion=${version}&resourceVersionMatch=Exact`
    const list = await realBytes.read(pathOf(resource, exact), accept)
    expect(bytesDifference(list, await ourBytes.read(pathOf(resource), accept), isSecret)).toBeUndefined()
    compared += list.length

    const { length } = items.get(resource)!
    if (length === 0) return
    for (const query of ['watch=true&resourceVersion=0', WATCH_LIST]) {
      const events = await realBytes.readEvents(pathOf(resource, query), event, length)
      const ourEvents = await ourBytes.readEvents(pathOf(resource, query), event, length)
      expect(bytesDifference(events, ourEvents, isSecret)).toBeUndefined()
      compared += events.length
    }
  }

  async function versionNow(): Promise<string> {
    const list = JSON.parse((await realBytes.read('/api/v1/namespaces', JSON_TYPE)).toString()) as {
      metadata: { resourceVersion: string }
    }
    return list.metadata.resourceVersion
  }

  async function readItems(resource: Resource): Promise<Item[]> {
    const body = await realBytes.read(
      pathOf(resource, `resourceVersion=${version}&resourceVersionMatch=Exact`),
      JSON_TYPE,
    )
    const list = JSON.parse(body.toString()) as { items: Item[] }
    return list.items.map((item) => ({ ...item, apiVersion: apiVersionOf(resource), kind: resource.kind }))
  }
})

const WATCH_LIST = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'

/** Without what the real server writes by itself and by the clock. */
function pathOf(resource: Resource, query = ''): string {
  const selector = resource.namespaced ? 'fieldSelector=metadata.namespace!%3Dkube-system' : ''
  const search = [query, selector].filter((part) => part !== '').join('&')
  return collectionPath(resource) + (search === '' ? '' : `?${search}`)
}

async function fill(client: ApiClient, config: KubeConfig): Promise<void> {
  const served = (await servedResources(client)).filter((resource) => names.has(nameOf(resource)))
  await createFixtures(client, served)
  const refusals = await createFound(
    client,
    served,
    found.filter(({ resource }) => names.has(resource)),
  )
  expect(refusals).toEqual([])
  await createWidgetKind(config, widgetKind('bytes'))
  const random = randomFrom(7)
  for (let index = 0; index < WIDGETS; index++) {
    await client.expectOk(
      'POST',
      collectionPath(widget, 'default'),
      makeWidget(random, widgetKind('bytes'), `widget-${index}`),
    )
  }
}
