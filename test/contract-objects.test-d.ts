/**
 * The public contract of objects, resources, errors and writes, sentence by sentence: names and shapes are used by
 * programs elsewhere. More may be added; nothing may be missing or differ. `npm run types` is the test.
 */
import {
  ApiError,
  type Clock,
  createInformer,
  createWriter,
  type CustomKind,
  type CustomResource,
  customResource,
  DecodeError,
  type DeepReadonly,
  type ErrorCode,
  type FieldPath,
  InformerFactory,
  type Informer,
  type InformerFactoryOptions,
  type InformerOptions,
  type InformerStatus,
  keyOf,
  type KubeConfigLike,
  KubeflumeError,
  type KubernetesObject,
  metadataOnly,
  mutable,
  type ObjectKey,
  type ObjectMeta,
  type ObjectOf,
  type Pod,
  reasonOf,
  type Resource,
  type Schema,
  type Secret,
  type Selector,
  SyncError,
  type Until,
  type Writer,
} from 'kubeflume'
import type { KubeConfig } from '@kubernetes/client-node'

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false
declare function equal<A, B>(): Equal<A, B>
declare function provide<T>(): T

// stored objects always have these
equal<
  Pick<ObjectMeta, 'name' | 'namespace' | 'uid' | 'resourceVersion' | 'creationTimestamp' | 'labels' | 'annotations'>,
  {
    name: string
    namespace?: string
    uid: string
    resourceVersion: string
    creationTimestamp: string
    labels?: { [label: string]: string }
    annotations?: { [annotation: string]: string }
  }
>() satisfies true
equal<KubernetesObject, { apiVersion: string; kind: string; metadata: ObjectMeta }>() satisfies true

// a resource says where its objects are, and what they are
provide<Resource<Pod>>() satisfies {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
}
equal<ObjectOf<Resource<Pod>>, Pod>() satisfies true
equal<ObjectOf<string>, never>() satisfies true
provide<typeof metadataOnly>() satisfies (resource: Resource) => Resource

// a custom one has the type that is given, or those of schemas
equal<
  CustomKind,
  { group: string; version: string; plural: string; kind: string; namespaced?: boolean | undefined }
>() satisfies true
provide<CustomResource<1, 2>>() satisfies KubernetesObject & { spec: 1; status?: 2 }
equal<CustomResource['spec'], unknown>() satisfies true
provide<typeof customResource>() satisfies <T extends KubernetesObject>(kind: CustomKind) => Resource<T>
provide<typeof customResource>() satisfies <S, U = unknown>(
  kind: CustomKind & { spec: Schema<S>; status?: Schema<U> },
) => Resource<CustomResource<S, U>>
provide<{ '~standard': { types?: { input: 1; output: 2 } } }>() satisfies Schema<1>

// keys, paths, selectors, waits, clocks
equal<ObjectKey, string | { readonly namespace?: string | undefined; readonly name: string }>() satisfies true
equal<FieldPath, string | readonly string[]>() satisfies true
provide<typeof keyOf>() satisfies (object: DeepReadonly<KubernetesObject>) => string
provide<typeof mutable>() satisfies <T>(object: DeepReadonly<T>) => T
'app=web' satisfies Selector
;({ matchLabels: { a: 'b' }, matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }) satisfies Selector
;({ signal: new AbortController().signal, timeoutMs: 1 }) satisfies Until
;({ now: () => 0, setTimeout: () => ({ [Symbol.dispose]() {} }) }) satisfies Clock
provide<Clock>() satisfies { now(): number; setTimeout(run: () => void, ms: number): Disposable }

// client-node's KubeConfig is taken by its shape, that of another copy too
declare const kubeConfig: KubeConfig
kubeConfig satisfies KubeConfigLike
class AnotherCopy {
  readonly #own = 1
  readonly currentContext: string = 'a'
  getCurrentCluster(): { name: string; server: string; skipTLSVerify: boolean } | null {
    return this.#own ? null : { name: '', server: '', skipTLSVerify: false }
  }
  getCurrentUser(): { name: string; token?: string } | null {
    return null
  }
  async applySecurityAuthentication(_context: { setHeaderParam(key: string, value: string): void }): Promise<void> {}
}
new AnotherCopy() satisfies KubeConfigLike
// @ts-expect-error which client-node's own class does not do
new AnotherCopy() satisfies KubeConfig

// informers are made alone or by a factory
provide<typeof createInformer>() satisfies <T extends KubernetesObject, I extends string = never>(
  config: KubeConfigLike,
  resource: Resource<T>,
  options?: InformerOptions<T, I>,
) => Informer<T, NoInfer<I>>
provide<typeof InformerFactory>() satisfies new (
  config: KubeConfigLike,
  options?: InformerFactoryOptions,
) => AsyncDisposable
provide<InformerFactory['informer']>() satisfies <T extends KubernetesObject, I extends string = never>(
  resource: Resource<T>,
  options?: InformerOptions<T, I>,
) => Informer<T, NoInfer<I>>
provide<InformerFactory>() satisfies Pick<Informer<Pod>, 'start' | 'synced' | 'stop'>
;({
  maxConcurrentSyncs: 4,
  onError: (error) => error.code satisfies ErrorCode,
  clock: undefined,
}) satisfies InformerFactoryOptions

// errors have codes, and what the server said
provide<ErrorCode>() satisfies `ERR_${string}`
for (const code of ['ERR_KEY', 'ERR_DECODE_OBJECT', 'ERR_NO_RESOURCE_VERSION', 'ERR_STOPPED', 'ERR_TIMEOUT'] as const) {
  code satisfies ErrorCode
}
// @ts-expect-error the union of all codes, no other
'ERR_UNHEARD_OF' satisfies ErrorCode
provide<KubeflumeError>() satisfies Error & { readonly code: ErrorCode; readonly retryable: boolean }
provide<ApiError>() satisfies KubeflumeError & {
  readonly status: number
  readonly reason?: string
  readonly retryAfterMs?: number
  readonly body?: unknown
}
provide<DecodeError>() satisfies KubeflumeError & { readonly offset: number; readonly key?: string }
provide<SyncError>() satisfies KubeflumeError & {
  readonly informers: readonly { readonly resource: Resource; readonly status: InformerStatus }[]
}
provide<typeof reasonOf>() satisfies (error: unknown) => string | undefined
declare const caught: unknown
if (caught instanceof ApiError) caught.status satisfies number

// a writer is of one kind
provide<typeof createWriter>() satisfies <T extends KubernetesObject>(
  config: KubeConfigLike,
  resource: Resource<T>,
) => Writer<T>
// @ts-expect-error of secrets
provide<Writer<Pod>>() satisfies Writer<Secret>
