import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node'

/** Makes namespaces with names of the server's choice. */
export async function createNamespaces(config: KubeConfig, howMany: number): Promise<string[]> {
  const api = config.makeApiClient(CoreV1Api)
  const names: string[] = []
  while (names.length < howMany) {
    const { metadata } = await api.createNamespace({ body: { metadata: { generateName: 'kubeflume-e2e-' } } })
    names.push(metadata!.name!)
  }
  return names.toSorted()
}

/** Says that they may go. Nothing waits for it: a control plane without controllers never gets there. */
export async function deleteNamespaces(config: KubeConfig, names: readonly string[]): Promise<void> {
  const api = config.makeApiClient(CoreV1Api)
  for (const name of names) await api.deleteNamespace({ name })
}
