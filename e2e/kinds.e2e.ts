import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { metadataOnly, type Resource } from '../src/index.ts'
import { createTransport } from '../src/transport/undici-transport.ts'
import type { Transport } from '../src/transport/transport.ts'
import { ApiClient } from './kinds/api-client.ts'
import { builtInResources, described } from './kinds/builtin-table.ts'
import { type Comparison, compareRoads } from './kinds/compare-roads.ts'
import { createFound } from './kinds/create-found.ts'
import { allFields, coveredPaths, fieldTree } from './kinds/fields.ts'
import { createFixtures } from './kinds/fixtures.ts'
import { type FoundObject, readFoundObjects } from './kinds/found-object.ts'
import { kindsVersion, openKindsCluster } from './kinds/kinds-cluster.ts'
import { nameOf, servedResources, type ServedResource } from './kinds/served.ts'
import { apiVersionOf, collectionPath } from '../src/api/resource.ts'
import type { Cluster } from './support/cluster.ts'
import { randomFrom } from './support/random.ts'
import { count, say } from './support/say.ts'
import { createWidgetKind, makeWidget, widgetKind, widgetResource } from './support/widgets.ts'

const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const SEED = 20_260
const WIDGETS = 20

/**
 * The whole of the generated tables against the server that they were generated for: the resources,
 * and every field that it lets a client set, see kinds/search.ts.
 */
describe.skipIf(kindsVersion() === undefined)('every kind', () => {
  let cluster: Cluster
  let client: ApiClient
  let transport: Transport
  let served: ServedResource[]
  let found: FoundObject[]
  let creatable: ServedResource[]
  /** Of each resource's LIST before anything was created. */
  const since = new Map<ServedResource, string>()

  beforeAll(async () => {
    cluster = await openKindsCluster()
    client = new ApiClient(cluster.kubeConfig())
    transport = createTransport(cluster.kubeConfig())
    served = await servedResources(client)
    found = readFoundObjects()
    const names = new Set(found.map(({ resource }) => resource))
    creatable = served.filter((resource) => names.has(nameOf(resource)))
  })

  afterAll(async () => {
    await transport?.close()
    await client?.[Symbol.asyncDispose]()
    await cluster?.stop()
  })

  test('is in the table if it can be listed, as the discovery has it', () => {
    const table = builtInResources()
    const listable = served.filter(({ verbs }) => verbs.includes('list'))
    const servedNames = new Set(listable.map(nameOf))
    const gone = table.filter((resource) => !servedNames.has(nameOf(resource)))
    const known = table.filter((resource) => servedNames.has(nameOf(resource)))
    say(`resources: ${table.length} in the table, ${listable.length} served and listable`)
    say(`in the table and served by ${cluster.version} no more: ${gone.map(nameOf).join(', ')}`)
    expect(known.map(described).toSorted()).toEqual(listable.map(described).toSorted())
  })

  test('comes in protobuf exactly if the table says so', async () => {
    const names = new Set(served.filter(({ verbs }) => verbs.includes('list')).map(nameOf))
    const wrong: string[] = []
    const table = builtInResources().filter((resource) => names.has(nameOf(resource)))
    for (const resource of table) {
      const { status, contentType } = await client.head(collectionPath(resource), PROTOBUF)
      const isProtobuf = status === 200 && contentType.startsWith(PROTOBUF)
      if (isProtobuf !== resource.hasProtobuf) wrong.push(`${nameOf(resource)}: ${status} ${contentType}`)
    }
    say(`LIST with Accept protobuf alone: ${table.length} resources asked, ${wrong.length} not as hasProtobuf says`)
    expect(wrong).toEqual([])
  })

  test('that a client can create and list is created', async () => {
    for (const resource of creatable) since.set(resource, await versionOf(client, resource))
    await createFixtures(client, creatable)
    const startedAt = performance.now()
    const refusals = await createFound(client, served, found)
    const ms = performance.now() - startedAt
    say(`created ${found.length} objects of ${creatable.length} kinds in ${count(ms)} ms; refused: ${refusals.length}`)
    for (const resource of served) {
      if (!creatable.includes(resource)) say(`not created: ${nameOf(resource)}, ${reasonOf(resource)}`)
    }
    expect(refusals).toEqual([])
    expect(served.filter((resource) => isComparable(resource) && !creatable.includes(resource))).toEqual([])
  })

  test('decodes alike by LIST and WATCH, from JSON and protobuf', async () => {
    const totals = new Totals()
    for (const resource of creatable) {
      const comparison = await compare(resource)
      const nodes = fieldTree(apiVersionOf(resource), resource.kind)!
      const covered = new Set<string>()
      for (const object of comparison.objects) coveredPaths(nodes, object, covered)
      totals.add(resource, comparison, { covered: covered.size, total: [...allFields(nodes)].length })
    }
    totals.say('whole objects')
    expect(totals.differences.slice(0, 10)).toEqual([])
  })

  test('decodes alike with its metadata alone', async () => {
    const totals = new Totals()
    for (const resource of creatable) totals.add(resource, await compare(resource, metadataOnly(resource)))
    totals.say('metadata alone')
    expect(totals.differences.slice(0, 10)).toEqual([])
  })

  test('also of a custom resource decodes alike with its metadata alone', async () => {
    const config = cluster.kubeConfig()
    const kind = widgetKind(`e2e-${randomBytes(4).toString('hex')}`)
    await createWidgetKind(config, kind)
    const resource = widgetResource(kind)
    const before = await versionOf(client, resource)
    const random = randomFrom(SEED)
    for (let index = 0; index < WIDGETS; index++) {
      const widget = makeWidget(random, kind, `widget-${index}`)
      await client.expectOk('POST', collectionPath(resource, 'default'), widget)
    }
    const totals = new Totals()
    const options = { transport, resource: metadataOnly(resource), since: before, random }
    const comparison = await compareRoads(options)
    totals.add(resource, comparison)
    totals.say('custom resources, metadata alone')
    expect(comparison.objects).toHaveLength(WIDGETS)
    expect(totals.differences).toEqual([])
  })

  const compare = (of: ServedResource, resource: Resource = of): Promise<Comparison> =>
    compareRoads({ transport, resource, since: since.get(of)!, random: randomFrom(SEED) })
})

/** Sums up, and says one line for each kind. */
class Totals {
  readonly differences: string[] = []
  #kinds = 0
  #objects = 0
  #events = 0
  #values = 0
  #covered = 0
  #total = 0

  add(resource: Resource, comparison: Comparison, fields?: { readonly covered: number; readonly total: number }): void {
    const { objects, events, values, differences } = comparison
    this.differences.push(...differences)
    this.#kinds++
    this.#objects += objects.length
    this.#events += events
    this.#values += values
    this.#covered += fields?.covered ?? 0
    this.#total += fields?.total ?? 0
    if (fields === undefined) return
    say(
      `${nameOf(resource)} ${resource.kind}: ${objects.length} objects, fields ${fields.covered}/${fields.total}, ` +
        `${count(values)} values compared, ${differences.length} differences`,
    )
  }

  say(what: string): void {
    const fields = this.#total === 0 ? '' : `fields ${count(this.#covered)}/${count(this.#total)}, `
    say(
      `${what}: ${this.#kinds} kinds, ${count(this.#objects)} objects, ${fields}${count(this.#events)} events, ` +
        `${count(this.#values)} values compared, ${this.differences.length} differences`,
    )
  }
}

function isComparable({ verbs }: ServedResource): boolean {
  return ['create', 'list', 'watch'].every((verb) => verbs.includes(verb))
}

function reasonOf({ verbs }: ServedResource): string {
  return verbs.includes('list') ? 'which no client can create' : 'which answers what it is sent and keeps nothing'
}

async function versionOf(client: ApiClient, resource: Resource): Promise<string> {
  const list = (await client.expectOk('GET', `${collectionPath(resource)}?limit=1`)) as {
    metadata: { resourceVersion: string }
  }
  return list.metadata.resourceVersion
}
