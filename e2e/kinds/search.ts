import { eachLimited } from '../support/each-limited.ts'
import { count, say } from '../support/say.ts'
import { ApiClient } from './api-client.ts'
import { createFixtures } from './fixtures.ts'
import { writeFoundObjects } from './found-object.ts'
import { openKindsCluster } from './kinds-cluster.ts'
import { nameOf, servedResources, type ServedResource } from './served.ts'
import { Harvest } from './search/harvest.ts'
import { type KindResult, KindSearch } from './search/kind-search.ts'
import { OpenApi } from './search/open-api.ts'
import { ValueMaker } from './search/value-maker.ts'
import { writeUncovered } from './search/uncovered.ts'

/**
 * Looks for objects of every kind with as many fields as the server takes, and writes them to
 * objects.jsonl and what is left to uncovered.md: `node e2e/kinds/search.ts [plural ...]`. With
 * plurals it only says what it finds.
 */

/** What others are made of: found first, these are where the others begin. */
const FIRST = ['persistentvolumeclaims', 'pods']
const LANES = 3

const only = process.argv.slice(2)
await using cluster = await openKindsCluster()
await using client = new ApiClient(cluster.kubeConfig())
const served = (await servedResources(client)).filter(
  ({ verbs }) => verbs.includes('create') && verbs.includes('list') && verbs.includes('watch'),
)
await createFixtures(client, served)
const harvest = new Harvest()
const refused = new Set<string>()
const values = new ValueMaker(await OpenApi.read(client), harvest)
const results = new Map<ServedResource, KindResult>()
const startedAt = performance.now()

const search = async (resource: ServedResource): Promise<void> => {
  const from = performance.now()
  const result = await new KindSearch({ client, resource, values, harvest, refused }).run().catch((error: unknown) => {
    throw new Error(nameOf(resource), { cause: error })
  })
  results.set(resource, result)
  const seconds = ((performance.now() - from) / 1000).toFixed(1)
  say(`${nameOf(resource)}: ${result.objects.length} objects, ${result.covered.size}/${result.total}, ${seconds} s`)
  for (const problem of result.problems) say(`  ${problem}`)
}
const wanted = only.length === 0 ? served : served.filter(({ plural }) => only.includes(plural))
const first = FIRST.flatMap((plural) => wanted.filter((resource) => resource.plural === plural))
for (const resource of first) await search(resource)
await eachLimited(
  wanted.filter((resource) => !first.includes(resource)),
  LANES,
  search,
)
const ordered = wanted.map((resource) => results.get(resource)!)
const covered = ordered.reduce((sum, result) => sum + result.covered.size, 0)
const total = ordered.reduce((sum, result) => sum + result.total, 0)
say(`${ordered.length} kinds: ${count(covered)} of ${count(total)} fields`)
if (only.length === 0) {
  const bytes = writeFoundObjects(ordered.flatMap(({ objects }) => objects))
  writeUncovered(ordered, cluster.version)
  say(`objects.jsonl: ${count(bytes)} bytes`)
} else for (const { resource, uncovered } of ordered) console.log(resource, uncovered.join(' '))
say(`${client.requests} requests in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
