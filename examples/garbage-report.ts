/**
 * Lesson 6: many resources, metadata alone. Follows every kind that the server has, and reports objects whose owners are
 * gone and which nobody has collected.
 *
 *     node examples/garbage-report.ts                      on a server in this process, which never collects; ends by itself
 *     EXAMPLE_CLUSTER=1 node examples/garbage-report.ts    on the cluster of your kubeconfig; it makes two ConfigMaps for the show
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApisApi, CoreV1Api, CustomObjectsApi } from '@kubernetes/client-node'
import {
  createWriter,
  type DeepReadonly,
  InformerFactory,
  keyOf,
  metadataOnly,
  type OwnerReference,
  type Resource,
  resources,
} from 'kubeflume'
import { exampleCluster } from './support/example-cluster.ts'

/** A collector needs a while after an owner is gone: what is found twice, so far apart, is garbage. */
const PATIENCE_MS = 1000

await using cluster = await exampleCluster()
const { kubeConfig } = cluster

// One pool of connections, four first lists at once, and a tenth of the bytes: `metadata` is all that is sent.
await using factory = new InformerFactory(kubeConfig, {
  onError: (error) => console.error(`${error.code}: ${error.message}`),
})
const followed = (await discover()).map((resource) => ({
  resource,
  informer: factory.informer(metadataOnly(resource), {
    indexes: {
      uid: 'metadata.uid',
      owned: ({ metadata }) => (metadata.ownerReferences?.length ? ['yes'] : []),
    },
  }),
}))

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
factory.start({ signal: stop.signal })
await factory.synced({ timeoutMs: 60_000 }) // a SyncError names every kind that is waited for, and why
const size = followed.reduce((sum, { informer }) => sum + informer.store.size, 0)
console.log(`${size} objects of ${followed.length} kinds`)

const { owner, orphan } = await makeGarbage()
const garbage = await report()
for (const line of garbage) console.log(line)
if (of('ConfigMap').store.has(orphan)) assert.ok(garbage.includes(lineOf('ConfigMap', orphan, 'ConfigMap', owner)))
else console.log(`ConfigMap ${orphan}: collected before it was reported`) // this cluster has a garbage collector

/** What is an orphan now, and was one before. */
async function report(): Promise<string[]> {
  const before = new Set(orphans())
  await sleep(PATIENCE_MS, undefined, { signal: stop.signal })
  return orphans().filter((line) => before.has(line))
}

function orphans(): string[] {
  return followed.flatMap(({ resource, informer }) =>
    informer.store.list({ index: ['owned', 'yes'] }).flatMap((object) => {
      const owners = object.metadata.ownerReferences ?? []
      if (!owners.every(isGone)) return [] // of several owners, one is enough
      return owners.map(({ kind, name }) => lineOf(resource.kind, keyOf(object), kind, name))
    }),
  )
}

function lineOf(kind: string, key: string, ownerKind: string, ownerName: string): string {
  return `${kind} ${key}: its owner ${ownerKind} ${ownerName} is gone`
}

/** Looks for the uid: another object may have the name. An owner of a kind that is not followed is left alone. */
function isGone({ apiVersion, kind, uid }: DeepReadonly<OwnerReference>): boolean {
  const [group] = apiVersion.includes('/') ? apiVersion.split('/') : ['']
  const kinds = followed.filter(({ resource }) => resource.group === group && resource.kind === kind)
  return kinds.length > 0 && kinds.every(({ informer }) => informer.store.count({ index: ['uid', uid] }) === 0)
}

/** Every kind that can be listed and watched, each in the version that its group prefers. */
async function discover(): Promise<Resource[]> {
  const { groups } = await kubeConfig.makeApiClient(ApisApi).getAPIVersions()
  const api = kubeConfig.makeApiClient(CustomObjectsApi)
  const core = await kubeConfig.makeApiClient(CoreV1Api).getAPIResources()
  const lists = [{ group: '', version: 'v1', kinds: core.resources }]
  for (const { name: group, versions, preferredVersion = versions[0]! } of groups) {
    const { version } = preferredVersion
    lists.push({ group, version, kinds: (await api.getAPIResources({ group, version })).resources })
  }
  return lists.flatMap(({ group, version, kinds }) =>
    kinds
      .filter(({ name, verbs }) => name !== 'events' && verbs.includes('list') && verbs.includes('watch'))
      .map(({ name: plural, kind, namespaced }) => ({ group, version, plural, kind, namespaced })),
  )
}

function of(kind: string): (typeof followed)[number]['informer'] {
  return followed.find(({ resource }) => resource.kind === kind)!.informer
}

/** Two ConfigMaps, of which one owns the other and is deleted alone. */
async function makeGarbage(): Promise<{ readonly owner: string; readonly orphan: string }> {
  const writer = createWriter(kubeConfig, resources.core.v1.configmaps)
  const namespace = await cluster.createNamespace()
  const parent = await writer.create({ metadata: { name: 'parent', namespace } })
  const { apiVersion, kind } = parent
  const { name, uid } = parent.metadata
  const child = await writer.create({
    metadata: { name: 'child', namespace, ownerReferences: [{ apiVersion, kind, name, uid }] },
  })
  await writer.delete(parent, { propagation: 'Background' })
  const configMaps = of('ConfigMap')
  await configMaps.caughtUp(child)
  await configMaps.caughtUp({ deleted: keyOf(parent), uid })
  return { owner: name, orphan: keyOf(child) }
}
