import type { AuditedRequest } from './audit-log.ts'
import type { ControlPlane } from './control-plane.ts'

export type Request = Pick<AuditedRequest, 'verb' | 'status' | 'query'>

/**
 * What this library asked a server for on one path, in the order in which it was answered, without what
 * every watch has. A token is `'…'`, since only the server can read it.
 */
export function requestsOf(controlPlane: ControlPlane, requested: string): Request[] {
  return controlPlane
    .requests()
    .filter(({ path, userAgent }) => path === requested && userAgent.startsWith('kubeflume'))
    .map(({ verb, status, query: { pretty, watch, timeoutSeconds, allowWatchBookmarks, ...query } }) => ({
      verb,
      status,
      query: query['continue'] === undefined ? query : { ...query, continue: '…' },
    }))
}
