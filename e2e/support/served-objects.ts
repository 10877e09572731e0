import type { KubeConfig } from '@kubernetes/client-node'
import { rawGet } from './raw-get.ts'

/** How many objects a kube-apiserver has returned in lists of a resource since it started, by its own metrics. */
export interface ServedObjects {
  /** From its watch cache, or a snapshot of that. */
  readonly cache: number
  /** From etcd. */
  readonly storage: number
}

/** Both metrics are alpha: their names and labels are those of Kubernetes 1.36. */
export async function servedObjects(config: KubeConfig, group: string, plural: string): Promise<ServedObjects> {
  const lines = (await rawGet(config, '/metrics', 'text/plain')).split('\n')
  const of = (source: keyof ServedObjects): number => {
    const name = `apiserver_${source}_list_returned_objects_total`
    if (!lines.includes(`# TYPE ${name} counter`)) throw new Error(`the server has no metric ${name}`)
    const series = `${name}{group="${group}",resource="${plural}"} `
    return Number(lines.find((line) => line.startsWith(series))?.slice(series.length) ?? 0)
  }
  return { cache: of('cache'), storage: of('storage') }
}
