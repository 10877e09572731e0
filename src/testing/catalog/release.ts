/** A minor release of Kubernetes that the server can play. */
export type Release = '1.31' | '1.32' | '1.33' | '1.34' | '1.35' | '1.36' | '1.37'

export const DEFAULT_RELEASE: Release = '1.36'

/** What differs between the releases, by the names of their feature gates, with each release's defaults. */
export interface Gates {
  /** Off again in 1.33 (KEP-3157). */
  readonly watchList: boolean
  readonly listFromCacheSnapshot: boolean
}

export function gatesOf(release: Release): Gates {
  const minor = Number(release.slice(2))
  return { watchList: minor === 32 || minor >= 34, listFromCacheSnapshot: minor >= 34 }
}
