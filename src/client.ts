import { channelObserver } from './channel-observer.ts'
import { KubeflumeError } from './api/errors.ts'
import type { KubeConfigLike } from './api/kube-config.ts'
import type { KubernetesObject } from './api/object.ts'
import type { Resource } from './api/resource.ts'
import { readStatus } from './decode/read-status.ts'
import { HttpListWatcher } from './informer/http-list-watcher.ts'
import type { Informer, InformerOptions } from './informer/informer.ts'
import { resolveOptions } from './informer/options.ts'
import { Observers } from './informer/observers.ts'
import { reporterOf } from './internal/reporter.ts'
import { ReflectingInformer } from './informer/reflecting-informer.ts'
import { SharedTransports } from './transport/shared-transports.ts'
import { HttpWriter } from './write/http-writer.ts'
import type { Writer, WriterOptions } from './write/writer.ts'
import { zstdCompressor } from './zstd-compressor.ts'

/** One pool for each KubeConfig, whatever number of informers and writers uses it. */
const transports = new SharedTransports({ readStatus })

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
  const onError = reporterOf<KubeflumeError>(options.onError, onErrorThrew)
  const { wire, ...run } = resolveOptions(resource, options)
  return new ReflectingInformer<T, I>({
    ...run,
    compressor: zstdCompressor,
    onError,
    observer: new Observers([channelObserver, ...(options.observer === undefined ? [] : [options.observer])], onError),
    connect: () => {
      const { transport, release } = transports.acquire(kubeConfig)
      return {
        listWatcherOf: (namespace) => new HttpListWatcher<T>({ ...wire, transport, resource, namespace }),
        close: release,
      }
    },
  })
}

/**
 * Makes a writer of a resource. It connects with its first write, shares the connections of the KubeConfig's
 * informers, and stays with the context that is current now. There is nothing to close: connections that
 * nobody uses end by themselves within seconds and keep no process alive.
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

function onErrorThrew(cause: unknown): KubeflumeError {
  return new KubeflumeError('ERR_HANDLER', 'onError threw', { cause })
}
