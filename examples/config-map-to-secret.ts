/**
 * Lesson 4: an operator. Beside each ConfigMap with the label `example.com/secret: "true"` it keeps a Secret with the
 * same data, and one in the namespace that the annotation `example.com/copy-to` names.
 *
 *     node examples/config-map-to-secret.ts                            on a server in this process; ends by itself
 *     EXAMPLE_CLUSTER=1 node examples/config-map-to-secret.ts          the same, in two namespaces of your cluster
 *     EXAMPLE_CLUSTER=1 node examples/config-map-to-secret.ts --run    as an operator of your cluster, until SIGTERM
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  type ConfigMap,
  createInformer,
  createWriter,
  type DeepReadonly,
  keyOf,
  reasonOf,
  resources,
  type Secret,
} from 'kubeflume'
import { createController, owns, type ReconcileContext, watches } from 'kubeflume/controller'
import { exampleCluster } from './support/example-cluster.ts'
import { until } from './support/until.ts'

const NAME = 'config-map-to-secret'
const MANAGED_BY = 'app.kubernetes.io/managed-by'
const LABEL = 'example.com/secret'
const COPY_TO = 'example.com/copy-to'
const SOURCE = 'example.com/source'
const STATUS = 'example.com/secret-status'
const FINALIZER = 'example.com/secret-copies'

await using cluster = await exampleCluster()
const { kubeConfig } = cluster
const onError = (error: Error): void => console.error(error) // survived: it is tried again

// Not a label selector: who loses the label must still be seen, until the finalizer is off.
const configMaps = createInformer(kubeConfig, resources.core.v1.configmaps, {
  filter: ({ metadata }) => metadata.labels?.[LABEL] === 'true' || (metadata.finalizers?.includes(FINALIZER) ?? false),
  onError,
})
const secrets = createInformer(kubeConfig, resources.core.v1.secrets, {
  labelSelector: `${MANAGED_BY}=${NAME}`, // its own, and no other secret of the cluster
  indexes: { source: ['metadata', 'annotations', SOURCE] },
  onError,
})
const configMapWriter = createWriter(kubeConfig, resources.core.v1.configmaps, { fieldManager: NAME })
const secretWriter = createWriter(kubeConfig, resources.core.v1.secrets)

type Context = ReconcileContext<ConfigMap>

/** Called for a name, whatever has happened to it: makes the world as it should be, and writes what differs. */
async function reconcile({ key }: { readonly key: string }, context: Context): Promise<void> {
  const configMap = context.store.get(key)
  if (configMap === undefined) return // gone: `cleanup` has run, and the cluster collects what it owned
  if (configMap.metadata.labels?.[LABEL] !== 'true') return release(configMap, context)

  const { namespace = '', annotations } = configMap.metadata
  const namespaces = [...new Set([namespace, annotations?.[COPY_TO] ?? namespace])]
  for (const target of namespaces) await applySecret(configMap, target, context)
  await deleteSecrets(configMap, context, namespaces)

  // A ConfigMap has no status of its own. An edit that changes nothing sends nothing.
  const status = JSON.stringify({ data: hashOf(configMap.data), namespaces })
  const written = await configMapWriter.patch(configMap, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [STATUS]: status }
  })
  context.wrote(configMaps, written) // the next run of this key waits until the store has it
}

/** An apply that changes nothing writes nothing, and puts right what somebody else has edited. */
async function applySecret(configMap: DeepReadonly<ConfigMap>, namespace: string, context: Context): Promise<void> {
  const { name, uid } = configMap.metadata
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name, uid, controller: true, blockOwnerDeletion: true }
  const values = Object.entries(configMap.data ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value).toString('base64'),
  ])
  const secret = {
    metadata: {
      name,
      namespace,
      labels: { [MANAGED_BY]: NAME },
      annotations: { [SOURCE]: keyOf(configMap) },
      // An owner is in the same namespace: copies elsewhere are what the finalizer is for.
      ...(namespace === configMap.metadata.namespace && { ownerReferences: [owner] }),
    },
    data: Object.fromEntries(values),
  }
  // Forced over what is its own, never over a Secret that somebody else has made under this name: a conflict, reported.
  const force = secrets.store.has(secret.metadata)
  context.wrote(secrets, await secretWriter.apply(secret, { fieldManager: NAME, force }))
}

/** Deletes the Secrets made from a ConfigMap, but those in some namespaces. */
async function deleteSecrets(
  configMap: DeepReadonly<ConfigMap>,
  context: Context,
  keep: readonly (string | undefined)[],
): Promise<void> {
  for (const secret of secrets.store.list({ index: ['source', keyOf(configMap)] })) {
    if (keep.includes(secret.metadata.namespace)) continue
    await secretWriter.delete(secret).catch((error: unknown) => {
      if (reasonOf(error) !== 'NotFound') throw error
    })
    context.wrote(secrets, { deleted: keyOf(secret), uid: secret.metadata.uid })
  }
}

/** The label was taken off: as if it had never been there. */
async function release(configMap: DeepReadonly<ConfigMap>, context: Context): Promise<void> {
  await deleteSecrets(configMap, context, [])
  const written = await configMapWriter.patch(configMap, ({ metadata }) => {
    delete metadata.annotations?.[STATUS]
    metadata.finalizers = metadata.finalizers?.filter((name) => name !== FINALIZER) ?? []
  })
  context.wrote(configMaps, written)
}

function sourceOf({ metadata: { annotations } }: DeepReadonly<Secret>): string[] {
  const source = annotations?.[SOURCE]
  return source === undefined ? [] : [source]
}

function hashOf(data: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(data ?? {}))
    .digest('hex')
    .slice(0, 16)
}

await using controller = createController({
  name: NAME,
  informer: configMaps,
  triggers: [owns(secrets), watches(secrets, sourceOf)],
  finalizer: {
    name: FINALIZER,
    writer: configMapWriter,
    cleanup: (configMap, context) => deleteSecrets(configMap, context, [configMap.metadata.namespace]),
  },
  concurrency: 4,
  onError,
  reconcile,
})
controller.start() // starts the informers, too, and stops them when it stops
console.log(`${NAME}: running`)
if (process.argv.includes('--run')) await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
else await play()
// Here `await using` stops the controller: runs that are under way end, and no new one begins.

/** What happens to one ConfigMap in its life. */
async function play(): Promise<void> {
  const namespace = await cluster.createNamespace()
  const other = await cluster.createNamespace()
  const key = `${namespace}/db`
  const valueIn = (where: string): string | undefined => {
    const value = secrets.store.get(`${where}/db`)?.data?.['password']
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString()
  }
  await configMapWriter.create({
    metadata: { name: 'db', namespace, labels: { [LABEL]: 'true' }, annotations: { [COPY_TO]: other } },
    data: { password: 'one' },
  })
  await until('both secrets', () => valueIn(namespace) === 'one' && valueIn(other) === 'one')
  await until('a status', () => configMaps.store.get(key)?.metadata.annotations?.[STATUS] !== undefined)
  console.log('a ConfigMap: two Secrets and a status')
  assert.deepEqual(configMaps.store.get(key)?.metadata.finalizers, [FINALIZER])
  const [owner] = secrets.store.get(key)?.metadata.ownerReferences ?? []
  assert.equal(owner?.uid, configMaps.store.get(key)?.metadata.uid)
  assert.equal(secrets.store.get(`${other}/db`)?.metadata.ownerReferences, undefined)

  await configMapWriter.patch(configMaps.store.get(key)!, (draft) => void (draft.data = { password: 'two' }))
  await until('new values', () => valueIn(namespace) === 'two' && valueIn(other) === 'two')
  console.log('its data changed: so did theirs')

  await secretWriter.delete({ namespace: other, name: 'db' })
  await until('a new copy', () => valueIn(other) === 'two')
  console.log('somebody deleted the copy: it is there again')

  await configMapWriter.delete(key)
  await until('an end', () => !configMaps.store.has(key) && !secrets.store.has(`${other}/db`))
  console.log('the ConfigMap deleted: the finalizer took the copy with it')
}
