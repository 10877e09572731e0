import type { KubeConfig } from '@kubernetes/client-node'
import { shapePods } from '../corpora/pod-shape.ts'
import { SEED } from '../corpora/corpus-spec.ts'
import { randomFrom } from '../corpora/random.ts'
import { RawApi, type Request } from './raw-api.ts'

interface PlainPod {
  readonly metadata: { readonly [field: string]: unknown; readonly name: string; readonly namespace: string }
  readonly spec: object
  readonly status: object
}

const SECRETS_NAMESPACE = 'large'
const SECRET_BYTES = 1_000_000

/**
 * Writes pods as a controller and then a kubelet do, so that the server itself writes the managedFields of two
 * managers: 2 requests for each pod.
 */
export async function fillWithPods(config: KubeConfig, count: number): Promise<void> {
  await using api = new RawApi(config)
  const pods = shapePods('A', count, SEED) as unknown as PlainPod[]
  const namespaces = [...new Set(pods.map(({ metadata }) => metadata.namespace))]
  await api.each(namespaces, (name) => [{ path: '/api/v1/namespaces', body: { metadata: { name } } }])
  await api.each(pods, podWrites)
}

function podWrites({ metadata, spec, status }: PlainPod): readonly Request[] {
  const { managedFields: _written, uid: _given, resourceVersion: _version, ...own } = metadata
  const path = `/api/v1/namespaces/${metadata.namespace}/pods`
  return [
    { path: `${path}?fieldManager=kube-controller-manager`, body: { metadata: own, spec } },
    { path: `${path}/${metadata.name}/status?fieldManager=kubelet`, method: 'PATCH', body: { status } },
  ]
}

/** Writes Secrets of 1 MB that do not compress. */
export async function fillWithSecrets(config: KubeConfig, count: number): Promise<void> {
  await using api = new RawApi(config)
  const path = `/api/v1/namespaces/${SECRETS_NAMESPACE}/secrets`
  const random = randomFrom(SEED)
  await api.each([SECRETS_NAMESPACE], (name) => [{ path: '/api/v1/namespaces', body: { metadata: { name } } }])
  await api.each(Array.from({ length: count }), (_, index) => {
    const bytes = Buffer.alloc(SECRET_BYTES)
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), at)
    const metadata = { name: `secret-${String(index).padStart(3, '0')}` }
    return [{ path, body: { metadata, type: 'Opaque', data: { content: bytes.toString('base64') } } }]
  })
}
