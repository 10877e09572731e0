import { onTestFinished } from 'vitest'
import type { KubernetesObject } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import { createInformer, createWriter } from '../client.ts'
import type { Informer, InformerOptions } from '../informer/informer.ts'
import { TestApiServer, type TestApiServerOptions } from '../testing/server.ts'
import type { Writer, WriterOptions } from './writer.ts'

/** A server, and what writes to it and reads from it. */
export interface Rig {
  readonly server: TestApiServer
  readonly writer: <T extends KubernetesObject>(resource: Resource<T>, options?: WriterOptions) => Writer<T>
  /** A synced informer, which ends with the test. */
  readonly informer: <T extends KubernetesObject>(
    resource: Resource<T>,
    options?: InformerOptions<T>,
  ) => Promise<Informer<T>>
}

export async function startRig(options: TestApiServerOptions = {}): Promise<Rig> {
  const server = await TestApiServer.start(options)
  onTestFinished(() => server.stop())
  const kubeConfig = server.kubeConfig()
  return {
    server,
    writer: (resource, writerOptions) => createWriter(kubeConfig, resource, writerOptions),
    async informer<T extends KubernetesObject>(resource: Resource<T>, informerOptions?: InformerOptions<T>) {
      const informer = createInformer<T>(kubeConfig, resource, informerOptions)
      onTestFinished(() => informer.stop())
      informer.start()
      await informer.synced()
      return informer
    },
  }
}

/** What a promise rejects with. */
export function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error,
  )
}
