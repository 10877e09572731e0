/** What a Writer takes and gives, and what not. `npm run types` is the test: an unused `@ts-expect-error` is an error. */
import {
  type ConfigMap,
  createWriter,
  type CustomResource,
  customResource,
  type DeepReadonly,
  type Deployment,
  type KubernetesObject,
  type NetworkPolicy,
  type New,
  type ObjectKey,
  type Partially,
  type Pod,
  resources,
  type Writer as OurWriter,
} from 'kubeflume'
import type { KubeConfig } from '@kubernetes/client-node'

/** As it was agreed on. */
interface Writer<T extends KubernetesObject> {
  create(object: New<T>): Promise<T>
  apply(
    object: Partially<T>,
    options: { fieldManager: string; force?: boolean | undefined; subresource?: string | undefined },
  ): Promise<T>
  patch(
    current: DeepReadonly<T>,
    edit: (draft: T) => void,
    options?: { subresource?: string | undefined; lock?: boolean | undefined },
  ): Promise<T>
  delete(
    object: ObjectKey | DeepReadonly<T>,
    options?: { propagation?: 'Foreground' | 'Background' | 'Orphan' | undefined; uid?: string | undefined },
  ): Promise<T | undefined>
}

declare const kubeConfig: KubeConfig
declare const ours: OurWriter<Pod>
declare const agreed: Writer<Pod>
ours satisfies Writer<Pod>
agreed satisfies OurWriter<Pod>

const configMaps = createWriter(kubeConfig, resources.core.v1.configmaps)
const policies = createWriter(kubeConfig, resources.networking.v1.networkpolicies)
const deployments = createWriter(kubeConfig, resources.apps.v1.deployments, { fieldManager: undefined })
declare const map: DeepReadonly<ConfigMap>
declare const policy: DeepReadonly<NetworkPolicy>
declare const deployment: DeepReadonly<Deployment>

// what is written has wire names
void (configMaps.create({ metadata: { name: 'a', namespace: 'b' }, data: { c: 'd' } }) satisfies Promise<ConfigMap>)
void policies.create({ metadata: { name: 'a' }, spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] } })
// @ts-expect-error client-node's name of `from`
void policies.create({ metadata: { name: 'a' }, spec: { podSelector: {}, ingress: [{ _from: [] }] } })
// @ts-expect-error what is created has metadata
void configMaps.create({ data: { c: 'd' } })
// @ts-expect-error and the fields of its kind
void deployments.create({ metadata: { name: 'a' }, data: {} })
declare const newDeployment: New<Deployment>
void deployments.create(newDeployment)
// parts of a store's object, read-only as they are, go into a new one
void configMaps.create({ metadata: { name: 'copy', labels: map.metadata.labels }, data: map.data! })

// apply takes any part of an object
void configMaps.apply({ metadata: { name: 'a' }, data: { c: 'd' } }, { fieldManager: 'me', force: true })
void deployments.apply({ status: { replicas: undefined } }, { fieldManager: 'me', subresource: 'status' })
// @ts-expect-error but says who applies
void configMaps.apply({ metadata: { name: 'a' } }, {})
// @ts-expect-error and no field that is not there
void configMaps.apply({ metadata: { name: 'a' }, spec: {} }, { fieldManager: 'me' })

// patch takes what a store has, and gives a draft that is writable to the last leaf
void policies.patch(policy, (draft) => draft.spec?.ingress?.[0]?.from?.push({ podSelector: {} }), { lock: undefined })
void deployments.patch(deployment, (draft) => {
  draft.metadata.finalizers = []
  // @ts-expect-error of its own kind
  draft.data = {}
})
// @ts-expect-error a ConfigMap is no Deployment
void deployments.patch(map, () => {})

// delete takes a key or an object
void (configMaps.delete('a/b', { propagation: 'Orphan', uid: undefined }) satisfies Promise<ConfigMap | undefined>)
void configMaps.delete({ namespace: 'a', name: 'b' })
void configMaps.delete(map)
// @ts-expect-error there is no such propagation
void configMaps.delete('a/b', { propagation: 'background' })

// custom resources have their own types
const kind = { group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' }
const widgets = createWriter(kubeConfig, customResource<CustomResource<{ size: number }>>(kind))
void widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } })
// @ts-expect-error size is a number
void widgets.create({ metadata: { name: 'a' }, spec: { size: '1' } })
