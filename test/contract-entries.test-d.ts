/**
 * The public contract of `kubeflume/decode`, `/controller` and `/testing`: names and shapes are used by programs
 * elsewhere. More may be added; nothing may be missing or differ. `npm run types` is the test.
 */
import type {
  Clock,
  DeepReadonly,
  Gone,
  Informer,
  KubeConfigLike,
  KubernetesObject,
  Lister,
  New,
  ObjectKey,
  Pod,
  Resource,
  Until,
  Versioned,
  Writer,
} from 'kubeflume'
import {
  type Controller,
  type ControllerOptions,
  createController,
  LeaderElector,
  owns,
  type ReconcileContext,
  type Trigger,
  watches,
} from 'kubeflume/controller'
import {
  createListDecoder,
  createWatchDecoder,
  type DecoderOptions,
  type ListDecoder,
  type ListMetadata,
  type WatchDecoder,
  type WireEvent,
  type WireObject,
} from 'kubeflume/decode'
import { type Faults, ManualClock, type RecordedRequest, type Release, TestApiServer } from 'kubeflume/testing'

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false
declare function equal<A, B>(): Equal<A, B>
declare function provide<T>(): T
type Abortable = { signal?: AbortSignal | undefined }

// ── decode: bytes in, items out, and at the end what makes them a list ──
provide<typeof createListDecoder>() satisfies <T extends KubernetesObject>(options: DecoderOptions<T>) => ListDecoder<T>
provide<typeof createWatchDecoder>() satisfies <T extends KubernetesObject>(
  options: DecoderOptions<T>,
) => WatchDecoder<T>
;({
  contentType: 'application/json',
  resource: provide<Resource<Pod>>(),
  omit: ['spec', ['a', 'b']],
  maxItemBytes: 1,
  decoder: 'tokens',
}) satisfies DecoderOptions<Pod>
// @ts-expect-error the content type decides how bytes are read
;({ decoder: 'frames' }) satisfies DecoderOptions
provide<ListDecoder<Pod>>() satisfies {
  push(chunk: Uint8Array): readonly WireObject<Pod>[]
  end(): ListMetadata
  readonly head: ListMetadata | undefined
  readonly bytesRead: number
  readonly totalBytes: number | undefined
}
provide<WatchDecoder<Pod>>() satisfies { push(chunk: Uint8Array): readonly WireEvent<Pod>[]; end(): void }
provide<ListMetadata>() satisfies {
  readonly resourceVersion: string
  readonly continue?: string
  readonly remainingItemCount?: number
}
provide<WireObject<Pod>>() satisfies {
  readonly key: string
  readonly namespace: string | undefined
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly encoding: 'json' | 'protobuf'
  readonly bytes: Uint8Array
  decode(): Pod
}
declare const event: WireEvent<Pod>
if (event.type === 'ERROR') event.status satisfies unknown
else event.object.decode() satisfies Pod
equal<WireEvent<Pod>['type'], 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'>() satisfies true

// ── controller ──
provide<typeof owns>() satisfies <T extends KubernetesObject>(informer: Informer<T>) => Trigger
provide<typeof watches>() satisfies <T extends KubernetesObject>(
  informer: Informer<T>,
  map: (object: DeepReadonly<T>) => Iterable<ObjectKey>,
) => Trigger
provide<Trigger>() satisfies { readonly informer: Informer<KubernetesObject> }
provide<{ readonly informer: Informer<KubernetesObject> }>() satisfies Trigger
provide<ReconcileContext<Pod, 'node'>>() satisfies {
  readonly store: Lister<Pod, 'node'>
  readonly signal: AbortSignal
  readonly attempt: number
  wrote(informer: Informer<KubernetesObject>, to: Versioned | Gone): void
}
provide<typeof createController>() satisfies <T extends KubernetesObject, I extends string = never>(
  options: ControllerOptions<T, I>,
) => Controller
const context = provide<ReconcileContext<Pod, 'node'>>()
;({
  name: 'pods',
  informer: provide<Informer<Pod, 'node'>>(),
  triggers: [provide<Trigger>()],
  concurrency: 4,
  runTimeoutMs: 1000,
  finalizer: {
    name: 'example.com/a',
    writer: provide<Writer<Pod>>(),
    async cleanup(object, given) {
      object satisfies DeepReadonly<Pod>
      given satisfies typeof context
    },
  },
  clock: provide<Clock>(),
  async reconcile(request, given) {
    request satisfies { readonly key: string; readonly namespace: string | undefined; readonly name: string }
    given satisfies typeof context
    return { requeueAfterMs: 1000 }
  },
}) satisfies ControllerOptions<Pod, 'node'>
;({ name: 'a', informer: provide<Informer<Pod>>(), async reconcile() {} }) satisfies ControllerOptions<Pod>
provide<Controller>() satisfies AsyncDisposable & {
  start(options?: Abortable): void
  enqueue(key: ObjectKey): void
  idle(until?: Until): Promise<void>
  stop(): Promise<void>
}

// ── leader election ──
provide<typeof LeaderElector>() satisfies new (
  kubeConfig: KubeConfigLike,
  options: {
    lease: { namespace: string; name: string }
    identity?: string | undefined
    leaseDurationMs?: number | undefined
    renewDeadlineMs?: number | undefined
    retryPeriodMs?: number | undefined
    clock?: Clock | undefined
  },
) => {
  run(
    lead: (term: { readonly signal: AbortSignal; readonly transitions: number }) => Promise<void>,
    options?: Abortable,
  ): Promise<void>
}

// ── testing ──
equal<Release, '1.31' | '1.32' | '1.33' | '1.34' | '1.35' | '1.36' | '1.37'>() satisfies true
provide<RecordedRequest>() satisfies {
  readonly verb: string
  readonly path: string
  readonly query: { readonly [name: string]: string }
  readonly servedFrom: 'cache' | 'snapshot' | 'storage' | undefined
}
provide<Faults>() satisfies { clear(): void }
provide<typeof ManualClock>() satisfies new () => Clock & { advance(ms: number): Promise<void> }
provide<(typeof TestApiServer)['start']>() satisfies (options?: {
  release?: Release | undefined
  clock?: Clock | undefined
  objects?: readonly object[] | undefined
  crds?: readonly Resource[] | undefined
}) => Promise<TestApiServer>
provide<TestApiServer>() satisfies AsyncDisposable & {
  readonly url: string
  readonly requests: readonly RecordedRequest[]
  readonly faults: Faults
  kubeConfig(): KubeConfigLike
  create<T extends KubernetesObject>(resource: Resource<T>, object: New<T>): T
  get<T extends KubernetesObject>(resource: Resource<T>, key: ObjectKey): T | undefined
  list<T extends KubernetesObject>(resource: Resource<T>): T[]
  edit<T extends KubernetesObject>(resource: Resource<T>, key: ObjectKey, edit: (draft: T) => void): T
  delete(resource: Resource, key: ObjectKey): void
  waitFor<T extends KubernetesObject>(
    resource: Resource<T>,
    key: ObjectKey,
    test: (object: T | undefined) => boolean,
    until?: Until,
  ): Promise<T | undefined>
  compact(): void
  stop(): Promise<void>
}
