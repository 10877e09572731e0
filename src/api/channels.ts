/** The channels of `node:diagnostics_channel`, by who publishes and the method of its observer. */
export const CHANNELS = {
  informer: {
    list: 'kubeflume:list',
    page: 'kubeflume:page',
    relist: 'kubeflume:relist',
    watchEnd: 'kubeflume:watch-end',
    quarantined: 'kubeflume:quarantined',
    backoff: 'kubeflume:backoff',
    handled: 'kubeflume:handled',
    coalesced: 'kubeflume:coalesced',
  },
  controller: {
    enqueued: 'kubeflume:enqueued',
    started: 'kubeflume:started',
    reconciled: 'kubeflume:reconciled',
    retry: 'kubeflume:retry',
  },
  transport: { request: 'kubeflume:request' },
} as const

/** Who runs listens here, to be asked. */
export const CENSUS_CHANNEL = 'kubeflume:census'
