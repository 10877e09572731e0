import { KubeflumeError } from '../../api/errors.ts'

/** A minor release of Kubernetes that the server can play. */
export type Release = '1.31' | '1.32' | '1.33' | '1.34' | '1.35' | '1.36' | '1.37'

export const DEFAULT_RELEASE: Release = '1.36'

/** What differs between the releases, by the names of their feature gates, with each release's defaults. */
export interface Gates {
  /** Off again in 1.33 (KEP-3157). */
  readonly watchList: boolean
  /** Each flush of a watch-list is a gzip member, for a client that takes it. */
  readonly watchListCompression: boolean
  readonly listFromCacheSnapshot: boolean
  readonly detectCacheInconsistency: boolean
  /** No gate: since 1.34 an exact read of a version that the storage has not reached is 504, before an error of etcd's. */
  readonly knowsFutureVersions: boolean
  /** No gate: before 1.34 options of another kind in a DELETE are 500. */
  readonly blamesClientForOptions: boolean
  /** No gate: before 1.34 Go writes a time that there is not as `null`; of that, bookmarks are played. */
  readonly omitsZeroTimes: boolean
}

/** @throws {KubeflumeError} `ERR_OPTION` for a release that the server does not play */
export function gatesOf(release: Release): Gates {
  if (!/^1\.3[1-7]$/.test(release)) {
    throw new KubeflumeError('ERR_OPTION', `the server plays '1.31' to '1.37', not ${JSON.stringify(release)}`)
  }
  const minor = Number(release.slice(2))
  return {
    watchList: minor === 32 || minor >= 34,
    watchListCompression: minor >= 37,
    listFromCacheSnapshot: minor >= 34,
    detectCacheInconsistency: minor >= 34,
    knowsFutureVersions: minor >= 34,
    blamesClientForOptions: minor >= 34,
    omitsZeroTimes: minor >= 34,
  }
}
