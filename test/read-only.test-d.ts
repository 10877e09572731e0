/** What may be done with objects that a store hands out, and with resources and informers of another kind. */
import {
  type ConfigMap,
  createInformer,
  type CustomResource,
  type DeepReadonly,
  type Delta,
  type Deployment,
  type Informer,
  InformerFactory,
  keyOf,
  type KubernetesObject,
  type Lister,
  type ListQuery,
  metadataOnly,
  mutable,
  type New,
  type ObjectKey,
  type Partially,
  type Pod,
  type Resource,
  resources,
  type Secret,
} from 'kubeflume'
import { createController, owns, type Trigger, watches } from 'kubeflume/controller'
import type { KubeConfig } from '@kubernetes/client-node'

declare const kubeConfig: KubeConfig
declare const pod: DeepReadonly<Pod>
declare const map: DeepReadonly<ConfigMap>
interface Nested extends KubernetesObject {
  spec: {
    rows: { cells: { value: string }[] }[]
    byName: { [name: string]: { list: string[] } }
    pair: [string, { a: number }]
  }
}
declare const nested: DeepReadonly<Nested>

// ── objects are read-only at any depth ──
// @ts-expect-error a field
pod.metadata = { ...pod.metadata }
// @ts-expect-error a field below it
pod.metadata.resourceVersion = '1'
// @ts-expect-error an entry of a record
pod.metadata.labels!['a'] = 'b'
// @ts-expect-error the removal of one
delete pod.metadata.labels!['a']
// @ts-expect-error an element of an array
pod.spec!.containers[0] = { name: 'a' }
// @ts-expect-error a field of an element
pod.spec!.containers[0]!.image = 'b'
// @ts-expect-error what changes an array in place
pod.spec!.containers.sort()
// @ts-expect-error binary data and all other records
map.binaryData!['a'] = ''
// @ts-expect-error an array in an array
nested.spec.rows[0]!.cells[0]!.value = 'a'
// @ts-expect-error an array in a record
nested.spec.byName['a']!.list.push('b')
// @ts-expect-error a tuple
nested.spec.pair[0] = 'a'
// @ts-expect-error a field in a tuple
nested.spec.pair[1].a = 1
// reading arrays goes on as usual
nested.spec.rows.map((row) => row.cells.length) satisfies number[]
nested.spec.pair satisfies readonly [string, { readonly a: number }]
// @ts-expect-error an object that is read-only is not what was asked for where it may be changed
pod satisfies Pod
// what may be changed is, where it is only read
mutable<Pod>(pod) satisfies DeepReadonly<Pod>
keyOf(mutable<Pod>(pod)) satisfies string
// a copy is the caller's own
mutable<Pod>(pod).spec!.containers.push({ name: 'a' })
mutable<Nested>(nested).spec.pair[1].a = 1

// ── keys are texts or parts ──
'web/a' satisfies ObjectKey
;({ name: 'a' }) satisfies ObjectKey
;({ namespace: undefined, name: 'a' }) satisfies ObjectKey
keyOf(pod) satisfies ObjectKey
// @ts-expect-error a namespace alone is no key
;({ namespace: 'web' }) satisfies ObjectKey
// @ts-expect-error nor is an object
pod satisfies ObjectKey

// ── what is created has no status, no apiVersion, and of metadata what its author chooses ──
;({ metadata: { generateName: 'a-' }, spec: { containers: [] } }) satisfies New<Pod>
;({ metadata: { name: undefined, labels: undefined } }) satisfies New<Pod>
// @ts-expect-error the server's part
;({ metadata: {}, status: {} }) satisfies New<Pod>
// @ts-expect-error filled in
;({ apiVersion: 'v1', metadata: {} }) satisfies New<Pod>
// @ts-expect-error filled in, too
;({ kind: 'Pod', metadata: {} }) satisfies New<Pod>
// @ts-expect-error no metadata
;({ spec: { containers: [] } }) satisfies New<Pod>
// @ts-expect-error what its kind requires
;({ metadata: {} }) satisfies New<CustomResource<{ size: number }>>
// what a store has may go into it
;({ metadata: pod.metadata, spec: pod.spec! }) satisfies New<Pod>

// ── a part of an object is any part of it ──
;({ spec: { containers: [{ image: 'a' }] } }) satisfies Partially<Pod>
;({ metadata: { labels: { a: undefined } } }) satisfies Partially<Pod>
// @ts-expect-error of its own type
;({ spec: { containers: [{ image: 1 }] } }) satisfies Partially<Pod>
// @ts-expect-error and of its own fields
;({ data: {} }) satisfies Partially<Pod>

// ── kinds do not pass for each other ──
declare const secrets: Informer<Secret>
resources.core.v1.pods satisfies Resource<Pod> satisfies Resource
resources.apps.v1.deployments satisfies Resource<Deployment>
metadataOnly(resources.core.v1.pods) satisfies Resource
// @ts-expect-error any object is no pod
metadataOnly(resources.core.v1.pods) satisfies Resource<Pod>
// @ts-expect-error a secret is no pod
resources.core.v1.secrets satisfies Resource<Pod>
// @ts-expect-error where the type is given either
createInformer<Pod>(kubeConfig, resources.core.v1.secrets)
// @ts-expect-error another version has another type
resources.autoscaling.v1.horizontalpodautoscalers satisfies typeof resources.autoscaling.v2.horizontalpodautoscalers
// @ts-expect-error there is no such group, version or plural
void resources.core.v2

// ── informers give out: one of pods is one of objects ──
declare const pods: Informer<Pod, 'node' | 'app'>
secrets satisfies Informer<KubernetesObject>
secrets.store satisfies Lister<KubernetesObject>
// @ts-expect-error not the other way round
provide<Informer<KubernetesObject>>() satisfies Informer<Secret>
// who asks for fewer indexes gets by with more
pods satisfies Informer<Pod, 'node'>
pods satisfies Informer<KubernetesObject>
// @ts-expect-error not the other way round
provide<Informer<Pod, 'node'>>() satisfies Informer<Pod, 'app'>
provide<ListQuery<'node'>>() satisfies ListQuery<'node' | 'app'>
// @ts-expect-error a query of an index that may not be there
provide<ListQuery<'node' | 'app'>>() satisfies ListQuery<'node'>
provide<Delta<Pod>>() satisfies Delta<KubernetesObject>
// that is what a controller's triggers need
owns(pods) satisfies Trigger
owns(secrets) satisfies Trigger
watches(pods, (each) => [`${each.metadata.namespace}/${each.spec?.serviceAccountName}`]) satisfies Trigger
// @ts-expect-error what is no key
watches(pods, (each) => [each.metadata.labels])
createController({
  name: 'a',
  informer: pods,
  triggers: [owns(secrets)],
  reconcile: async (request, { store }) => {
    store.get(request.key) satisfies DeepReadonly<Pod> | undefined
    store.count({ index: ['node', 'a'] }) satisfies number
    // @ts-expect-error there is no such index
    store.count({ index: ['zone', 'a'] })
  },
})

// ── names of indexes come from the options alone ──
const indexes = {
  node: 'spec.nodeName',
  app: { label: 'app' },
  ip: (each: DeepReadonly<Pod>) => [each.status?.podIP ?? ''],
} as const
const indexed = createInformer(kubeConfig, resources.core.v1.pods, { indexes })
indexed.store.keys({ index: ['ip', '10.0.0.1'] })
// @ts-expect-error no index is called that
indexed.store.iterate({ index: ['IP', '10.0.0.1'] })
// @ts-expect-error and none is added by the type that is expected
createInformer(kubeConfig, resources.core.v1.pods, { indexes: { node: 'a' } }) satisfies Informer<Pod, 'zone'>
const shared = new InformerFactory(kubeConfig).informer(resources.core.v1.pods, { indexes: { node: 'spec.nodeName' } })
shared.store.list({ index: ['node', 'a'] }) satisfies DeepReadonly<Pod>[]
// @ts-expect-error in a factory neither
shared.store.list({ index: ['zone', 'a'] })

// @ts-expect-error an option that is not there
createInformer(kubeConfig, resources.core.v1.pods, { namespace: 'web' })

// ── a delta is told apart by its type ──
indexed.subscribe((delta) => {
  switch (delta.type) {
    case 'added':
      return void (delta.isInitialList satisfies boolean)
    case 'updated':
      delta.previous.spec?.nodeName satisfies string | undefined
      return void (delta.isResync satisfies boolean)
    case 'deleted':
      // @ts-expect-error only an update is a resync
      void delta.isResync
      return void (delta.finalStateKnown satisfies boolean)
  }
})
indexed.subscribe({
  updated(object, previous, delta) {
    // @ts-expect-error handlers get what a store has
    object.metadata.name = previous.metadata.name
    delta.object satisfies DeepReadonly<Pod>
  },
})

declare function provide<T>(): T
