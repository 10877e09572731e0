import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CoreV1Api, CustomObjectsApi, type KubeConfig, RbacAuthorizationV1Api } from '@kubernetes/client-node'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  createInformer,
  type Informer,
  type InformerOptions,
  type KubeConfigLike,
  type KubeflumeError,
  type KubernetesObject,
  type Resource,
  resources,
} from '../src/index.ts'
import { type Cluster, openCluster, usesExistingCluster } from './support/cluster.ts'
import { countRequests } from './support/count-requests.ts'
import { userNames } from './support/credentials.ts'
import { withTokenFile } from './support/kube-configs.ts'
import { createNamespaces, deleteNamespaces } from './support/namespaces.ts'
import { makePod } from './support/pods.ts'
import { proxied } from './support/proxied.ts'
import { randomFrom } from './support/random.ts'
import { say } from './support/say.ts'
import { waitUntil } from './support/wait.ts'
import { createWidgetKind, deleteWidgetKind, makeWidget, widgetKind, widgetResource } from './support/widgets.ts'

/** An informer's next attempt comes after a second or a few; what is here is for a slow machine. */
const RECOVERY_MS = 60_000
/** Attempts are a second apart or more, and two requests each at most. */
const MAX_A_SECOND = 2
const MAX_AT_ONCE = 4

describe('an informer that the server turns away', () => {
  let cluster: Cluster
  let config: KubeConfig
  let namespace: string

  beforeAll(async () => {
    cluster = await openCluster()
    config = cluster.kubeConfig()
    ;[namespace] = (await createNamespaces(config, 1)) as [string]
    const body = makePod(randomFrom(4), 'a')
    delete body.metadata!.finalizers
    await config.makeApiClient(CoreV1Api).createNamespacedPod({ namespace, body })
  })

  /** What an informer has asked for goes with the time that it had. */
  beforeEach(() => {
    const before = countRequests(cluster)
    const startedAt = performance.now()
    return () => {
      const { lists, watches } = countRequests(cluster, before)
      const seconds = (performance.now() - startedAt) / 1000
      say(`${lists} lists and ${watches} watches in ${seconds.toFixed(1)} s`)
      expect(lists + watches).toBeLessThanOrEqual(MAX_AT_ONCE + seconds * MAX_A_SECOND)
    }
  })

  afterAll(async () => {
    if (usesExistingCluster() && namespace !== undefined) await deleteNamespaces(config, [namespace])
    await cluster?.stop()
  })

  test('for want of rights (403) says so, and syncs when they are granted', async () => {
    const { informer, errors } = start(cluster.kubeConfig('outsider'), resources.core.v1.pods, {
      namespaces: [namespace],
    })
    await untilRefused(errors, 'ERR_FORBIDDEN', 2)
    expect(informer.status).toMatchObject({ synced: false, phase: 'backoff' })
    expect(informer.status.reason).toContain(userNames.outsider)

    await grant(config, namespace)
    await informer.synced({ timeoutMs: RECOVERY_MS })
    expect([...informer.store.keys()]).toEqual([`${namespace}/a`])
    await revoke(config, namespace)
    say(`403: ${errors.length} refusals, synced after the role was bound`)
  })

  test('after it has synced keeps what it has, and follows again when the rights are back', async () => {
    await grant(config, namespace)
    const { config: outsider, proxy } = await proxied(cluster.kubeConfig('outsider'))
    onTestFinished(() => proxy.stop())
    const { informer, errors } = start(outsider, resources.core.v1.pods, { namespaces: [namespace] })
    await informer.synced({ timeoutMs: RECOVERY_MS })

    await revoke(config, namespace)
    await untilForbidden(cluster.kubeConfig('outsider'), namespace)
    proxy.cut()
    await untilRefused(errors, 'ERR_FORBIDDEN', 1)
    const body = makePod(randomFrom(5), 'b')
    await config.makeApiClient(CoreV1Api).createNamespacedPod({ namespace, body })
    expect([...informer.store.keys()]).toEqual([`${namespace}/a`])

    await grant(config, namespace)
    await waitUntil({
      what: 'the pod that was created meanwhile',
      timeoutMs: RECOVERY_MS,
      probe: async () => informer.store.has(`${namespace}/b`),
    })
    await revoke(config, namespace)
  })

  test('because the kind does not exist (404) syncs when it is defined', async () => {
    const kind = widgetKind(`late-${randomBytes(4).toString('hex')}`)
    const { informer, errors } = start(config, widgetResource(kind), {})
    await untilRefused(errors, 'ERR_NOT_FOUND', 2)
    expect(informer.status).toMatchObject({ synced: false, phase: 'backoff' })

    await createWidgetKind(config, kind)
    onTestFinished(() => deleteWidgetKind(config, kind))
    await informer.synced({ timeoutMs: RECOVERY_MS })
    expect(informer.store.size).toBe(0)

    const body = makeWidget(randomFrom(6), kind, 'first')
    await config.makeApiClient(CustomObjectsApi).createNamespacedCustomObject({ ...kind, namespace, body })
    await waitUntil({
      what: 'the first object of the new kind',
      timeoutMs: RECOVERY_MS,
      probe: async () => informer.store.has(`${namespace}/first`),
    })
    say(`404: ${errors.length} answers, synced after the CRD was created`)
  })

  // The tokens of an existing cluster are not known here.
  test.skipIf(usesExistingCluster())('for its token (401) syncs when the token file has the right one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubeflume-e2e-token-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const tokenFile = join(folder, 'token')
    const wrong = randomBytes(24).toString('hex')
    writeFileSync(tokenFile, wrong)
    const { informer, errors } = start(withTokenFile(config, tokenFile), resources.core.v1.pods, {})
    await untilRefused(errors, 'ERR_UNAUTHORIZED', 2)
    expect(JSON.stringify([informer.status, errors.map(String)])).not.toContain(wrong)

    writeFileSync(tokenFile, `${config.getCurrentUser()!.token}\n`)
    await informer.synced({ timeoutMs: RECOVERY_MS })
    expect(informer.store.has(`${namespace}/a`)).toBe(true)
    say(`401: ${errors.length} refusals, synced after the token file was written`)
  })
})

interface Started {
  readonly informer: Informer<KubernetesObject>
  readonly errors: readonly KubeflumeError[]
}

function start(
  config: KubeConfigLike,
  resource: Resource,
  options: Pick<InformerOptions<KubernetesObject>, 'namespaces'>,
): Started {
  const errors: KubeflumeError[] = []
  const informer = createInformer(config, resource, { ...options, onError: (error) => void errors.push(error) })
  onTestFinished(() => informer.stop())
  informer.start()
  return { informer, errors }
}

async function untilRefused(errors: readonly KubeflumeError[], code: string, times: number): Promise<void> {
  await waitUntil({
    what: `${times} errors with ${code}`,
    timeoutMs: 30_000,
    probe: async () => errors.filter((error) => error.code === code).length >= times,
  })
}

/** The server's own copy of the roles is behind by a moment. */
async function untilForbidden(outsider: KubeConfig, namespace: string): Promise<void> {
  const api = outsider.makeApiClient(CoreV1Api)
  await waitUntil({
    what: 'the rights to be gone',
    timeoutMs: 30_000,
    probe: async () => {
      const code: unknown = await api.listNamespacedPod({ namespace, limit: 1 }).then(
        () => 200,
        (error: { code?: unknown }) => error.code,
      )
      return code === 403
    },
  })
}

async function grant(config: KubeConfig, namespace: string): Promise<void> {
  const api = config.makeApiClient(RbacAuthorizationV1Api)
  const metadata = { name: 'reader' }
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }]
  await api.createNamespacedRole({ namespace, body: { metadata, rules } })
  await api.createNamespacedRoleBinding({
    namespace,
    body: {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: userNames.outsider }],
    },
  })
}

async function revoke(config: KubeConfig, namespace: string): Promise<void> {
  const api = config.makeApiClient(RbacAuthorizationV1Api)
  await api.deleteNamespacedRoleBinding({ namespace, name: 'reader' })
  await api.deleteNamespacedRole({ namespace, name: 'reader' })
}
