import { answerCensus, channelObserver, channelRequestObserver } from './channel-observer.ts'
import type { KubeflumeError } from './api/errors.ts'
import type { KubeConfigLike } from './api/kube-config.ts'
import type { KubernetesObject } from './api/object.ts'
import type { Resource } from './api/resource.ts'
import { readStatus } from './decode/read-status.ts'
import { HttpListWatcher } from './informer/http-list-watcher.ts'
import type { Informer, InformerOptions } from './informer/informer.ts'
import { errorReporter } from './informer/error-reporter.ts'
import { Observers } from './informer/observers.ts'
import { type ResolvedOptions, resolveOptions } from './informer/options.ts'
import { ReflectingInformer } from './informer/reflecting-informer.ts'
import type { SharedHooks } from './informer/shared-informer.ts'
import { SharedInformers } from './informer/shared-informers.ts'
import type { Clock } from './internal/clock.ts'
import type { Until } from './internal/until.ts'
import { SharedTransports } from './transport/shared-transports.ts'
import { HttpWriter } from './write/http-writer.ts'
import type { Writer, WriterOptions } from './write/writer.ts'
import { zstdCompressor } from './zstd-compressor.ts'

/** One transport for each KubeConfig and context, whatever number of informers and writers uses it. */
const transports = new SharedTransports({ readStatus, observer: channelRequestObserver })

/**
 * Makes an informer of a resource. It does nothing before `start`.
 *
 * @param kubeConfig client-node's `KubeConfig`: its cluster and its credentials are used, asked for anew at each request
 * @throws {KubeflumeError} `ERR_OPTION`, `ERR_SELECTOR`
 */
export function createInformer<T extends KubernetesObject, I extends string = never>(
  kubeConfig: KubeConfigLike,
  resource: Resource<T>,
  options: InformerOptions<T, I> = {},
): Informer<T, NoInfer<I>> {
  const onError = errorReporter(() => [options.onError])
  const observers = [channelObserver, ...(options.observer === undefined ? [] : [options.observer])]
  return informerOf(kubeConfig, resolveOptions(resource, options), {
    onError,
    observer: new Observers(observers, onError),
  })
}

function informerOf<T extends KubernetesObject, I extends string>(
  kubeConfig: KubeConfigLike,
  { wire, ...run }: ResolvedOptions<T>,
  hooks: SharedHooks<T>,
): ReflectingInformer<T, I> {
  const { resource } = run
  return new ReflectingInformer<T, I>({
    ...run,
    ...hooks,
    compressor: zstdCompressor,
    answerCensus,
    connect: () => {
      const { transport, release } = transports.acquire(kubeConfig)
      return {
        listWatcherOf: (namespace) => new HttpListWatcher<T>({ ...wire, transport, resource, namespace }),
        close: release,
      }
    },
  })
}

/** What holds for all informers of a factory. */
export interface InformerFactoryOptions {
  /** First lists under way at once; a namespace has one of its own. Relists and watches do not count. @default 4 */
  readonly maxConcurrentSyncs?: number | undefined
  /** Every error that an informer survives, once, whoever shares it, and every handler that throws. */
  readonly onError?: ((error: KubeflumeError) => void) | undefined
  /** For informers that are given none. */
  readonly clock?: Clock | undefined
}

/**
 * The informers of a program: whoever asks for the same objects in the same way shares one store and one watch.
 *
 * It is of one cluster, that of the context that is current when its informers start; for another one make another
 * factory. What is shared, and what is not, is in docs/sharing.md.
 */
export class InformerFactory implements AsyncDisposable {
  readonly #informers: SharedInformers

  /** @throws {KubeflumeError} `ERR_OPTION` */
  constructor(kubeConfig: KubeConfigLike, options: InformerFactoryOptions = {}) {
    this.#informers = new SharedInformers({
      ...options,
      observer: channelObserver,
      answerCensus,
      create: (resolved, hooks) => informerOf(kubeConfig, resolved, hooks),
    })
  }

  /**
   * A handle of an informer that others may share: with subscriptions, waits, signals, `onError` and `observer` of
   * its own. What is shared runs for all as soon as one of them is started, and ends when the last one is
   * stopped. When the factory runs, it starts at once.
   *
   * Indexes are added to what the others have, also to an informer that runs.
   *
   * @throws {KubeflumeError} `ERR_INDEX_CONFLICT` where another one has an index of the same name and another
   *   definition; `ERR_OPTION`, `ERR_SELECTOR`
   */
  informer<T extends KubernetesObject, I extends string = never>(
    resource: Resource<T>,
    options: InformerOptions<T, I> = {},
  ): Informer<T, NoInfer<I>> {
    return this.#informers.informer(resource, options)
  }

  /**
   * Starts every informer, and from now on each new one as it is asked for. After `stop` it begins anew, with
   * empty stores, and without the handles that their owners have stopped. An abort of the signal is a `stop`.
   *
   * @throws what the KubeConfig throws, which may be mended: it can be called again
   */
  start(options?: { readonly signal?: AbortSignal | undefined }): void {
    this.#informers.start(options)
  }

  /**
   * Resolves when every informer is synced, those included that are added meanwhile. Before `start` it waits.
   *
   * @throws {SyncError} with everyone who is waited for: `ERR_SYNC` at once where one of them fails in a way that
   *   waiting cannot mend, `ERR_TIMEOUT` after `timeoutMs`
   * @throws {KubeflumeError} `ERR_STOPPED`
   * @throws `signal.reason` when the signal aborts
   */
  synced(until?: Until): Promise<void> {
    return this.#informers.synced(until)
  }

  /** Stops every handle; resolves when all requests, timers and subscriptions are ended. */
  stop(): Promise<void> {
    return this.#informers.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}

/**
 * Makes a writer of a resource. It connects with its first write and stays with the context that is current now. The
 * writers of one KubeConfig share connections apart from those of its informers, unless it brings a dispatcher of its
 * own; credentials are asked for anew at each write. There is nothing to close: connections that nobody uses end by
 * themselves within seconds and keep no process alive.
 *
 * Writing needs no copy of client-node's models. Never pass an object of a store to client-node's typed create or
 * replace: they drop what their models call otherwise (`from`, `default`, `$ref` …) without an error.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for a resource of metadata alone
 */
export function createWriter<T extends KubernetesObject>(
  kubeConfig: KubeConfigLike,
  resource: Resource<T>,
  options: WriterOptions = {},
): Writer<T> {
  return new HttpWriter(transports.acquire(kubeConfig).transport, resource, options)
}
