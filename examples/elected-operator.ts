/**
 * Lesson 5: an operator of a custom resource in two replicas, of which one leads. The leader is killed in the middle of
 * its work, and the other one takes over.
 *
 *     node examples/elected-operator.ts                            on a server in this process; ends by itself
 *     EXAMPLE_CLUSTER=1 node examples/elected-operator.ts          the same, on the cluster of your kubeconfig
 *     node examples/elected-operator.ts replica <name> <namespace> one replica, as a pod would run it, until SIGTERM
 *
 * A Website has a page in its spec. The operator puts it into a ConfigMap that the Website owns, and says so in its status.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { KubeConfig } from '@kubernetes/client-node'
import { createInformer, createWriter, type CustomResource, customResource, type Lease, resources } from 'kubeflume'
import { createController, LeaderElector, owns } from 'kubeflume/controller'
import { exampleCluster } from './support/example-cluster.ts'
import { until } from './support/until.ts'

type Website = CustomResource<{ page: string }, { observedGeneration: number; publishedBy: string }>
const websites = customResource<Website>({
  group: 'examples.kubeflume.dev',
  version: 'v1',
  plural: 'websites',
  kind: 'Website',
})
const { configmaps } = resources.core.v1
const NAME = 'website-operator'

const [role, replicaName = '', replicaNamespace = ''] = process.argv.slice(2)
if (role === 'replica') await replica(replicaName, replicaNamespace)
else await play()

/** Waits for its turn with warm stores, leads until SIGTERM, and fails when the lease is lost: to be started anew. */
async function replica(identity: string, namespace: string): Promise<void> {
  const kubeConfig = new KubeConfig()
  kubeConfig.loadFromDefault() // KUBECONFIG, or the service account of the pod
  const onError = (error: Error): void => console.error(`${identity}:`, error) // survived: it is tried again

  await using sites = createInformer(kubeConfig, websites, { namespaces: [namespace], onError })
  await using pages = createInformer(kubeConfig, configmaps, {
    namespaces: [namespace],
    labelSelector: `app.kubernetes.io/managed-by=${NAME}`,
    onError,
  })
  sites.start()
  pages.start()

  const elector = new LeaderElector(kubeConfig, {
    lease: { namespace, name: NAME },
    identity,
    // A show must not take long. The defaults are client-go's: 15, 10 and 2 seconds.
    leaseDurationMs: 5000,
    renewDeadlineMs: 4000,
    retryPeriodMs: 500,
    onError,
  })
  const lead = async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
    // What is written under this signal is refused as soon as another replica may lead.
    const siteWriter = createWriter(kubeConfig, websites, { signal })
    const pageWriter = createWriter(kubeConfig, configmaps, { signal })
    await using controller = createController({
      name: NAME,
      informer: sites,
      triggers: [owns(pages)],
      onError,
      async reconcile({ key }, context) {
        const site = context.store.get(key)
        if (site === undefined) return // the cluster collects its page
        const { name, uid, generation = 0 } = site.metadata
        const owner = { apiVersion: site.apiVersion, kind: site.kind, name, uid, controller: true }
        const page = {
          metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': NAME }, ownerReferences: [owner] },
          data: { 'index.html': site.spec.page },
        }
        context.wrote(pages, await pageWriter.apply(page, { fieldManager: NAME, force: true }))
        if (site.status?.observedGeneration === generation) return
        const setStatus = (draft: Website): void => {
          draft.status = { observedGeneration: generation, publishedBy: identity }
        }
        context.wrote(sites, await siteWriter.patch(site, setStatus, { subresource: 'status' }))
      },
    })
    controller.start({ signal })
    console.log(`${identity}: leads`)
    await Promise.race([once(signal, 'abort'), once(process, 'SIGTERM')])
    // Now the controller stops. After SIGTERM what runs may end first; where the lease was lost, it has been aborted.
  }
  await elector.run(lead) // releases the lease when `lead` has returned; a lost one rejects: exit code 1
  console.log(`${identity}: stopped`)
}

async function play(): Promise<void> {
  await using cluster = await exampleCluster()
  const { kubeConfig } = cluster
  const namespace = await cluster.createNamespace()
  await using _definition = await installDefinition(kubeConfig)

  await using sites = createInformer(kubeConfig, websites, { namespaces: [namespace] })
  await using leases = createInformer(kubeConfig, resources.coordination.v1.leases, { namespaces: [namespace] })
  sites.start()
  leases.start()
  await sites.synced({ timeoutMs: 30_000 }) // which waits until the new kind is served
  const lease = (): Lease['spec'] => leases.store.get(`${namespace}/${NAME}`)?.spec
  const publisherOf = (name: string): string | undefined => sites.store.get({ namespace, name })?.status?.publishedBy
  const writer = createWriter(kubeConfig, websites)

  const replicas = new Map(['anna', 'bert'].map((name) => [name, startReplica(name, namespace, cluster.env)]))
  try {
    await writer.create({ metadata: { name: 'first', namespace }, spec: { page: '<h1>Hello</h1>' } })
    await until('a leader that works', () => publisherOf('first') !== undefined)
    const leader = publisherOf('first')!
    const other = leader === 'anna' ? 'bert' : 'anna'
    assert.equal(lease()?.holderIdentity, leader)

    replicas.get(leader)!.kill('SIGKILL')
    console.log('the leader is killed, without a word to anyone')
    await writer.create({ metadata: { name: 'second', namespace }, spec: { page: '<h1>Still here</h1>' } })
    await writer.patch(sites.store.get({ namespace, name: 'first' })!, ({ spec }) => void (spec.page = 'changed'))
    await until('a new leader', () => publisherOf('second') === other && publisherOf('first') === other)
    assert.equal(lease()?.holderIdentity, other)
    console.log('the other one has taken over, and done what was left to do')

    replicas.get(other)!.kill('SIGTERM')
    assert.deepEqual(await once(replicas.get(other)!, 'exit'), [0, null])
    await until('a free lease', () => lease()?.holderIdentity === '')
    console.log('the new leader is asked to stop: the lease is free at once')
  } finally {
    for (const child of replicas.values()) child.kill('SIGKILL')
  }
}

function startReplica(name: string, namespace: string, env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(import.meta.url), 'replica', name, namespace], {
    env,
    stdio: 'inherit',
  })
}

/** What `kubectl apply -f crd.yaml` does, and at the end `kubectl delete`. */
async function installDefinition(kubeConfig: KubeConfig): Promise<AsyncDisposable> {
  const { group, version, plural, kind } = websites
  const openAPIV3Schema = {
    type: 'object',
    properties: {
      spec: { type: 'object', required: ['page'], properties: { page: { type: 'string' } } },
      status: {
        type: 'object',
        properties: { observedGeneration: { type: 'integer' }, publishedBy: { type: 'string' } },
      },
    },
  }
  const writer = createWriter(kubeConfig, resources.apiextensions.v1.customresourcedefinitions)
  const name = `${plural}.${group}`
  await writer.apply(
    {
      metadata: { name },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural, kind, singular: 'website' },
        versions: [
          { name: version, served: true, storage: true, schema: { openAPIV3Schema }, subresources: { status: {} } },
        ],
      },
    },
    { fieldManager: NAME },
  )
  return { [Symbol.asyncDispose]: async () => void (await writer.delete(name)) }
}
