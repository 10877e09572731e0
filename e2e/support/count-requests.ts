import type { Cluster } from './cluster.ts'
import { ControlPlane } from './control-plane.ts'

export interface RequestCounts {
  readonly lists: number
  readonly watches: number
}

/** How many requests of this library a server has answered since the counts before. An existing cluster does not say: 0. */
export function countRequests(cluster: Cluster, before: RequestCounts = { lists: 0, watches: 0 }): RequestCounts {
  if (!(cluster instanceof ControlPlane)) return { lists: 0, watches: 0 }
  const requests = cluster.requests().filter(({ userAgent }) => userAgent.startsWith('kubeflume'))
  const lists = requests.filter(({ verb }) => verb === 'list').length
  return { lists: lists - before.lists, watches: requests.length - lists - before.watches }
}
