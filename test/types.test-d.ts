/** What must compile, and what must not. `npm run types` is the test: an unused `@ts-expect-error` is an error. */
import {
  createInformer,
  customResource,
  type DeepReadonly,
  type Deployment,
  type Delta,
  keyOf,
  type KubeConfigLike,
  type KubernetesObject,
  type Lister,
  metadataOnly,
  mutable,
  type New,
  type Pod,
  type Resource,
  resources,
  type Secret,
} from 'kubeflume'
import type { KubeConfig } from '@kubernetes/client-node'

declare const kubeConfig: KubeConfig
declare const pod: Pod
declare const readOnly: DeepReadonly<Pod>

// two copies of client-node do not clash: the shape is what counts
kubeConfig satisfies KubeConfigLike

// a mutable object passes where a read-only one is asked for, and a copy gives it back
keyOf(pod) satisfies string
keyOf(readOnly) satisfies string
pod satisfies DeepReadonly<Pod>
mutable<Pod>(readOnly).metadata.name = 'mine'
// @ts-expect-error what a store hands out is read-only
readOnly.metadata.name = 'theirs'
// @ts-expect-error to the last leaf
readOnly.spec?.containers.push({ name: 'x' })

// the brand keeps kinds apart
resources.core.v1.pods satisfies Resource<Pod>
resources.apps.v1.deployments satisfies Resource<Deployment>
// @ts-expect-error a Secret is no Pod
resources.core.v1.secrets satisfies Resource<Pod>

// reads are covariant: a lister of pods is one of objects
declare const pods: Lister<Pod>
pods satisfies Lister<KubernetesObject>
// @ts-expect-error but not the other way round
;({}) as Lister<KubernetesObject> satisfies Lister<Secret>

// names of indexes are checked
const informer = createInformer(kubeConfig, resources.core.v1.pods, { indexes: { node: 'spec.nodeName' } })
informer.store.list({ index: ['node', 'node-1'] }) satisfies DeepReadonly<Pod>[]
// @ts-expect-error there is no such index
informer.store.list({ index: ['zone', 'a'] })
// @ts-expect-error without indexes there is none at all
createInformer(kubeConfig, resources.core.v1.pods).store.count({ index: ['node', 'x'] })

// options take undefined, so that a caller can pass a value through
createInformer(kubeConfig, resources.core.v1.pods, { namespaces: undefined, clock: undefined, onError: undefined })
// @ts-expect-error an option that is not there
createInformer(kubeConfig, resources.core.v1.pods, { namespace: 'web' })

// a delta is told apart by its type
declare const delta: Delta<Pod>
if (delta.type === 'updated') delta.previous.metadata.name satisfies string
// @ts-expect-error only an update has a previous state
delta.previous satisfies unknown

// custom resources have the type that is given, or that of a schema
interface Widget extends KubernetesObject {
  spec: { size: number }
}
customResource<Widget>({
  group: 'example.com',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
}) satisfies Resource<Widget>
declare const schema: {
  readonly '~standard': { readonly types?: { readonly input: { size: number }; readonly output: unknown } }
}
const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget', spec: schema })
createInformer(kubeConfig, widgets).store.get('web/a')?.spec.size satisfies number | undefined
metadataOnly(resources.core.v1.pods) satisfies Resource

// what is created has no status and chooses its metadata
;({ metadata: { name: 'a' }, data: { a: 'b' } }) satisfies New<import('kubeflume').ConfigMap>
