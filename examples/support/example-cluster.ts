import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { createWriter, resources } from 'kubeflume'
import { TestApiServer, type TestApiServerOptions } from 'kubeflume/testing'

/** The cluster that an example runs on. Disposing it stops what was started for it, and deletes its namespaces. */
export interface ExampleCluster extends AsyncDisposable {
  readonly kubeConfig: KubeConfig
  /** The server in this process, whose faults come on command; undefined on a real cluster. */
  readonly server: TestApiServer | undefined
  /** The environment in which another process finds the same cluster by `loadFromDefault`. */
  readonly env: NodeJS.ProcessEnv
  /** Makes an empty namespace with a name of the server's choice. */
  createNamespace(): Promise<string>
}

/** A server in this process; with `EXAMPLE_CLUSTER=1` the cluster of `KUBECONFIG`, or of ~/.kube/config. */
export async function exampleCluster(options: TestApiServerOptions = {}): Promise<ExampleCluster> {
  if (process.env['EXAMPLE_CLUSTER'] === '1') {
    const kubeConfig = new KubeConfig()
    kubeConfig.loadFromDefault()
    return { ...withNamespaces(kubeConfig), server: undefined, env: process.env }
  }
  const server = await TestApiServer.start(options)
  const kubeConfig = server.kubeConfig()
  const folder = mkdtempSync(join(tmpdir(), 'kubeflume-example-'))
  const file = join(folder, 'kubeconfig')
  writeFileSync(file, kubeConfig.exportConfig(), { mode: 0o600 })
  return {
    ...withNamespaces(kubeConfig),
    server,
    env: { ...process.env, KUBECONFIG: file },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true })
      await server.stop()
    },
  }
}

function withNamespaces(
  kubeConfig: KubeConfig,
): Pick<ExampleCluster, 'kubeConfig' | 'createNamespace' | typeof Symbol.asyncDispose> {
  const writer = createWriter(kubeConfig, resources.core.v1.namespaces)
  const names: string[] = []
  return {
    kubeConfig,
    async createNamespace() {
      const { metadata } = await writer.create({ metadata: { generateName: 'example-' } })
      names.push(metadata.name)
      return metadata.name
    },
    async [Symbol.asyncDispose]() {
      for (const name of names) await writer.delete(name)
    },
  }
}
