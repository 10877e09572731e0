/**
 * The public contract of informers, as it was agreed on, against what is exported: names and shapes are
 * used by programs elsewhere. More may be added; nothing may be missing or differ. `npm run types` is the test.
 */
import type {
  Clock,
  DeepReadonly,
  Delta as OurDelta,
  ErrorCode,
  FieldPath,
  Gone as OurGone,
  Handlers as OurHandlers,
  Informer as OurInformer,
  InformerOptions as OurOptions,
  InformerStatus as OurStatus,
  KubeflumeError,
  KubernetesObject,
  Lister as OurLister,
  ListQuery as OurQuery,
  ObjectKey,
  Pod,
  Resource,
  Selector,
  SubscribeOptions as OurSubscribeOptions,
  Subscription as OurSubscription,
  Until,
  VerifyReport as OurReport,
  Versioned as OurVersioned,
} from 'kubeflume'

interface ListQuery<out I extends string = never> {
  readonly namespace?: string | undefined
  readonly labelSelector?: Selector | undefined
  readonly index?: readonly [name: I, value: string] | undefined
}
/** Synchronous reads of one published state. Objects are shared: read-only. */
interface Lister<out T, in I extends string = never> {
  readonly size: number
  /** Oldest of its scopes' versions; undefined before the first sync. */
  readonly resourceVersion: string | undefined
  get(key: ObjectKey): DeepReadonly<T> | undefined
  has(key: ObjectKey): boolean
  count(query?: ListQuery<I>): number
  keys(query?: ListQuery<I>): IterableIterator<string>
  list(query?: ListQuery<I>): DeepReadonly<T>[]
  /** Fixes its keys at the call and decodes one object at a time. */
  iterate(query?: ListQuery<I>): IterableIterator<DeepReadonly<T>>
}
type Delta<T> = { readonly key: string; readonly object: DeepReadonly<T> } & (
  | { readonly type: 'added'; readonly isInitialList: boolean }
  | { readonly type: 'updated'; readonly previous: DeepReadonly<T>; readonly isResync: boolean }
  | { readonly type: 'deleted'; readonly finalStateKnown: boolean }
)
interface Handlers<in T> {
  added?(object: DeepReadonly<T>, delta: Delta<T>): void | Promise<void>
  updated?(object: DeepReadonly<T>, previous: DeepReadonly<T>, delta: Delta<T>): void | Promise<void>
  deleted?(object: DeepReadonly<T>, delta: Delta<T>): void | Promise<void>
}
interface SubscribeOptions<in T> {
  readonly filter?: ((object: DeepReadonly<T>) => boolean) | undefined
  readonly resyncPeriodMs?: number | undefined
  /** Deltas that wait beyond this many are coalesced by key. @default 1000 */
  readonly maxPending?: number | undefined
  readonly signal?: AbortSignal | undefined
}
interface Subscription extends Disposable {
  readonly pending: number
  readonly coalesced: number
  synced(until?: Until): Promise<void>
  unsubscribe(): void
}
/** A fresh snapshot at each read. `reason` says in words what is being waited for. */
interface InformerStatus {
  readonly phase: 'idle' | 'listing' | 'watching' | 'backoff' | 'stopped'
  readonly synced: boolean
  readonly reason: string
  readonly strategy: 'stream' | 'watch-list' | 'paged' | undefined
  readonly encoding: 'protobuf' | 'json' | undefined
  readonly resourceVersion: string | undefined
  readonly items: number
  readonly bytes: number
  readonly totalBytes: number | undefined
  readonly attempts: number
  readonly lastError: KubeflumeError | undefined
  readonly lastContactAt: number | undefined
  readonly quarantined: readonly {
    readonly key: string
    readonly resourceVersion: string
    readonly error: KubeflumeError
  }[]
  readonly scopes: readonly {
    readonly namespace: string | undefined
    readonly phase: string
    readonly resourceVersion: string | undefined
  }[]
}
type Versioned = { readonly metadata?: { readonly resourceVersion?: string } }
type Gone = { readonly deleted: ObjectKey; readonly uid: string }
interface VerifyReport {
  readonly resourceVersion: string
  readonly compared: number
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  readonly stale: readonly string[]
  readonly repaired: boolean
}
interface Informer<out T extends KubernetesObject, in I extends string = never> extends AsyncDisposable {
  readonly resource: Resource<T>
  readonly store: Lister<T, I>
  readonly status: InformerStatus
  onStatus(listener: (status: InformerStatus) => void): Disposable
  start(options?: { readonly signal?: AbortSignal | undefined }): void
  synced(until?: Until): Promise<void>
  subscribe(
    handler: Handlers<T> | ((delta: Delta<T>) => void | Promise<void>),
    options?: SubscribeOptions<T>,
  ): Subscription
  events(options?: SubscribeOptions<T>): AsyncIterableIterator<Delta<T>>
  caughtUp(to: string | Versioned | Gone, until?: Until): Promise<void>
  verify(
    options?: Until & { readonly content?: boolean | undefined; readonly repair?: boolean | undefined },
  ): Promise<VerifyReport>
  setScope(scope: {
    readonly namespaces?: readonly string[] | undefined
    readonly labelSelector?: Selector | undefined
    readonly fieldSelector?: string | undefined
  }): Promise<void>
  stop(): Promise<void>
}
interface InformerOptions<T, I extends string = never> {
  /** undefined: all namespaces. `[]`: none, never all. */
  readonly namespaces?: readonly string[] | undefined
  readonly labelSelector?: Selector | undefined
  readonly fieldSelector?: string | undefined
  /** @default 'auto' */
  readonly sync?: 'auto' | 'stream' | 'watch-list' | 'paged' | undefined
  /** @default 'latest' */
  readonly freshness?: 'latest' | 'any' | undefined
  /** @default 'auto': protobuf where the resource has it */
  readonly encoding?: 'auto' | 'protobuf' | 'json' | undefined
  /** @default false: dropped on the wire form, before the store */
  readonly keepManagedFields?: boolean | undefined
  readonly omit?: readonly FieldPath[] | undefined
  /** Order: omit, filter, transform, function indexes. A transform makes `retain` 'objects'. */
  readonly filter?: ((object: DeepReadonly<T>) => boolean) | undefined
  readonly transform?: ((object: T) => T) | undefined
  readonly indexes?:
    | { readonly [K in I]: FieldPath | { readonly label: string } | ((object: DeepReadonly<T>) => readonly string[]) }
    | undefined
  /** @default 'wire' */
  readonly retain?: 'wire' | 'compressed' | 'objects' | undefined
  /** @default 16 MiB */
  readonly maxItemBytes?: number | undefined
  /** Every error that an informer survives, and every handler that throws. Without it: `process.emitWarning`. Never swallowed. */
  readonly onError?: ((error: KubeflumeError) => void) | undefined
  readonly clock?: Clock | undefined
}

// ── what is exported has that shape ──

type Node = 'node'
declare function provide<T>(): T

// what is given out: ours can be used wherever the contract's is expected
provide<OurInformer<Pod, Node>>() satisfies Informer<Pod, Node>
provide<OurInformer<Pod>>() satisfies Informer<KubernetesObject>
provide<OurLister<Pod, Node>>() satisfies Lister<Pod, Node>
provide<OurDelta<Pod>>() satisfies Delta<Pod>
provide<OurSubscription>() satisfies Subscription
provide<OurStatus>() satisfies InformerStatus
provide<OurReport>() satisfies VerifyReport
provide<ErrorCode>() satisfies `ERR_${string}`

// what is taken: the contract's can be passed wherever ours is asked for
provide<InformerOptions<Pod, Node>>() satisfies OurOptions<Pod, Node>
provide<SubscribeOptions<Pod>>() satisfies OurSubscribeOptions<Pod>
provide<Handlers<Pod>>() satisfies OurHandlers<Pod>
provide<ListQuery<Node>>() satisfies OurQuery<Node>
provide<Versioned>() satisfies OurVersioned
provide<Gone>() satisfies OurGone

// and where it is both, the other way round too
provide<Delta<Pod>>() satisfies OurDelta<Pod>
provide<InformerStatus>() satisfies OurStatus
provide<VerifyReport>() satisfies OurReport
provide<OurHandlers<Pod>>() satisfies Handlers<Pod>
// @ts-expect-error this file can tell: a report without a version is none
provide<Omit<OurReport, 'resourceVersion'>>() satisfies VerifyReport
