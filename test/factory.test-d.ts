/** What must compile of shared informers, and what must not. `npm run types` is the test: an unused `@ts-expect-error` is an error. */
import {
  type Clock,
  type DeepReadonly,
  type Informer,
  InformerFactory,
  type KubeConfigLike,
  type KubeflumeError,
  type KubernetesObject,
  type InformerOptions,
  type Pod,
  type Resource,
  resources,
  type Secret,
  type Until,
} from 'kubeflume'

declare const kubeConfig: KubeConfigLike
const { pods, secrets } = resources.core.v1

/** The factory as it was agreed on: names and shapes are used by programs elsewhere. */
interface Factory extends AsyncDisposable {
  informer<T extends KubernetesObject, I extends string = never>(
    resource: Resource<T>,
    options?: InformerOptions<T, I>,
  ): Informer<T, NoInfer<I>>
  start(options?: { readonly signal?: AbortSignal | undefined }): void
  synced(until?: Until): Promise<void>
  stop(): Promise<void>
}
interface FactoryOptions {
  readonly maxConcurrentSyncs?: number | undefined
  readonly onError?: ((error: KubeflumeError) => void) | undefined
  readonly clock?: Clock | undefined
}
declare const options: FactoryOptions
const factory = new InformerFactory(kubeConfig, options)
factory satisfies Factory
InformerFactory satisfies new (kubeConfig: KubeConfigLike) => Factory
// @ts-expect-error a factory is of one cluster
InformerFactory satisfies new () => Factory

// each handle has the names of its own indexes
const byNode = factory.informer(pods, { indexes: { node: 'spec.nodeName' } })
const byBoth = factory.informer(pods, { indexes: { node: 'spec.nodeName', app: { label: 'app' } } })
byNode.store.list({ index: ['node', 'node-1'] }) satisfies DeepReadonly<Pod>[]
byBoth.store.count({ index: ['node', 'node-1'] }) satisfies number
byBoth.store.keys({ index: ['app', 'web'] })
// @ts-expect-error that index is another handle's
byNode.store.list({ index: ['app', 'web'] })
// @ts-expect-error there is no such index
byBoth.store.list({ index: ['zone', 'a'] })
// @ts-expect-error without indexes there is none at all
factory.informer(pods).store.count({ index: ['node', 'x'] })

// a handle that has more indexes is one that has fewer, and not the other way round
byBoth satisfies Informer<Pod, 'node'>
// @ts-expect-error it lacks one
byNode satisfies Informer<Pod, 'node' | 'app'>
byNode satisfies Informer<KubernetesObject, 'node'>

// filters and transforms know what they get
factory.informer(secrets, { filter: ({ type }) => type === 'Opaque' }) satisfies Informer<Secret>
// @ts-expect-error a Secret has no spec
factory.informer(secrets, { filter: ({ spec }) => spec !== undefined })
