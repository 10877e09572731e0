import type { Until } from '../../internal/until.ts'
import type { ServedResource } from '../catalog/registry.ts'
import type { Gates } from '../catalog/release.ts'
import { expired, failure, tooLargeResourceVersion, tooManyRequests } from '../status.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { convertAll } from '../storage/conversion.ts'
import { countIn, type KeyRange, type KeyTree, valuesIn } from '../storage/key-tree.ts'
import type { Replica } from '../storage/replica.ts'
import type { Replicas } from '../storage/replicas.ts'
import type { Storage } from '../storage/storage.ts'
import type { WatchCache } from '../storage/watch-cache.ts'
import { type Continuation, encodeContinue } from './continue-token.ts'
import type { ListOptions } from './list-options.ts'
import type { Selection } from './selection.ts'

export type Source = 'cache' | 'snapshot' | 'storage'

/** What reads are answered from. */
export interface ReadParts {
  readonly storage: Storage
  readonly replicas: Replicas
  readonly gates: Gates
  /** How long a read waits for a cache to learn what it asks for, in milliseconds. */
  readonly freshnessTimeoutMs: number
}

export interface ListRequest {
  readonly served: ServedResource
  readonly options: ListOptions
  readonly selection: Selection
}

/** One state of a range of keys. It stays what it is, whatever is written, and may be gone through again. */
export interface ListState {
  readonly revision: number
  readonly source: Source
  readonly versions: Iterable<StoredVersion>
  /** How many objects it has. */
  count(): number
}

/** The revision that the answer must be of, where it must be of one; else the one that it must have reached. */
type Wanted = { readonly exact: number } | { readonly atLeast: number } | 'newest'

const FUTURE_REVISION = 'etcdserver: mvcc: required revision is a future revision'
const LIST_EXPIRED = 'The resourceVersion for the provided list is too old.'
const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.'

/**
 * Finds the state that a LIST is answered from, as apiserver `pkg/storage/cacher/delegator.go` does.
 *
 * | resourceVersion | match        | limit | continue   | state                             | from                      |
 * | --------------- | ------------ | ----- | ---------- | --------------------------------- | ------------------------- |
 * | unset           | –            | any   | –          | the newest                        | cache, else storage       |
 * | 0               | –, NotOlder  | any   | –          | what the cache has                | cache                     |
 * | X               | NotOlder     | any   | –          | what the cache has, X at least    | cache                     |
 * | X               | –            | no    | –          | the same                          | cache                     |
 * | X               | –            | yes   | –          | that at X                         | snapshot, else storage    |
 * | X               | Exact        | any   | –          | that at X                         | snapshot, else storage    |
 * | unset, 0        | –            | any   | token      | that of the token's first page    | snapshot, else storage    |
 * | unset, 0        | –            | any   | of a 410   | the newest                        | cache; before 1.34 storage |
 *
 * A cache that has not come so far is waited for; then a read of the newest state goes to the storage,
 * any other is 504. Before 1.34 there are no snapshots, and an exact read of one object by name never has
 * one. A cache that is not ready is passed over by a LIST with a limit and without selectors, and 429 for
 * any other. Events have no cache (`DefaultWatchCacheSizes`).
 *
 * @throws {ApiError} 410, 429, 504 ResourceVersionTooLarge
 */
export function findState(
  request: ListRequest,
  token: Continuation | undefined,
  parts: ReadParts,
  signal: AbortSignal | undefined,
): Promise<ListState> {
  const { served, options, selection } = request
  const range = { prefix: selection.prefix, from: token?.from }
  const wanted = wantedOf(options, token)
  const replica = parts.replicas.next()
  if (!isCached(served)) return Promise.resolve(storageState(request, wanted, range, parts))
  const until = { timeoutMs: parts.freshnessTimeoutMs, signal }
  return new CachedRead(request, range, parts, replica, until).find(wanted, token)
}

/** Events are many, short-lived and read by few. */
export function isCached({ resource }: ServedResource): boolean {
  return resource.plural !== 'events' || (resource.group !== '' && resource.group !== 'events.k8s.io')
}

/** @throws {ApiError} 429 where the caches of a replica are not ready */
export function checkReady({ downMs }: Replica): void {
  if (downMs === undefined) return
  const seconds = Math.floor(Math.min(30, Math.max(1, Math.exp((0.06 * downMs) / 1000))))
  throw tooManyRequests('storage is (re)initializing', seconds)
}

function wantedOf(options: ListOptions, token: Continuation | undefined): Wanted {
  if (token !== undefined) return token.revision === 'latest' ? 'newest' : { exact: token.revision }
  const { resourceVersion, resourceVersionMatch: match, limit } = options
  const revision = Number(resourceVersion)
  if (match === 'Exact' || (match === '' && limit > 0 && revision > 0)) return { exact: revision }
  return resourceVersion === '' ? 'newest' : { atLeast: revision }
}

class CachedRead {
  readonly #request: ListRequest
  readonly #range: KeyRange
  readonly #parts: ReadParts
  readonly #replica: Replica
  readonly #cache: WatchCache
  readonly #until: Until

  constructor(request: ListRequest, range: KeyRange, parts: ReadParts, replica: Replica, until: Until) {
    this.#request = request
    this.#range = range
    this.#parts = parts
    this.#replica = replica
    this.#cache = replica.cache(request.served)
    this.#until = until
  }

  async find(wanted: Wanted, token: Continuation | undefined): Promise<ListState> {
    const needsSnapshot = wanted !== 'newest' ? 'exact' in wanted : token !== undefined
    const canHaveSnapshot = this.#parts.gates.listFromCacheSnapshot && !isOfOneObject(this.#request)
    if ((needsSnapshot && !canHaveSnapshot) || this.#isPassedOver()) return this.#stored(wanted)
    checkReady(this.#replica)
    if (wanted === 'newest') return this.#newest()
    const revision = 'exact' in wanted ? wanted.exact : wanted.atLeast
    const cache = this.#cache
    if (!(await cache.reaches(revision, this.#until))) throw tooLargeResourceVersion(revision, cache.revision, 1)
    if ('atLeast' in wanted) return this.#state(cache.tree, cache.revision, 'cache')
    const snapshot = cache.snapshotAt(revision)
    return snapshot === undefined ? this.#stored(wanted) : this.#state(snapshot, revision, 'snapshot')
  }

  async #newest(): Promise<ListState> {
    const cache = this.#cache
    const isFresh = await cache.reaches(this.#parts.storage.revision, this.#until)
    return isFresh ? this.#state(cache.tree, cache.revision, 'cache') : this.#stored('newest')
  }

  #state(tree: KeyTree<StoredVersion>, revision: number, source: Source): ListState {
    const state = tree.clone()
    const range = this.#range
    return {
      revision,
      source,
      versions: convertAll(this.#request.served, { [Symbol.iterator]: () => valuesIn(state, range) }),
      count: () => countIn(state, range),
    }
  }

  #stored(wanted: Wanted): ListState {
    return storageState(this.#request, wanted, this.#range, this.#parts)
  }

  #isPassedOver(): boolean {
    const { options, selection } = this.#request
    return this.#replica.downMs !== undefined && options.limit > 0 && !selection.hasSelectors
  }
}

/** A field selector by name, where the whole key is known by it: such a LIST is a GET to the server. */
function isOfOneObject({ served, options, selection }: ListRequest): boolean {
  const isNamed = selection.name !== undefined && options.continueToken === ''
  return isNamed && (!served.resource.namespaced || selection.namespace !== undefined)
}

function storageState(request: ListRequest, wanted: Wanted, range: KeyRange, { storage, gates }: ReadParts): ListState {
  const collection = storage.collection(request.served)
  const asked = wanted === 'newest' ? 0 : 'exact' in wanted ? wanted.exact : wanted.atLeast
  // The legacy form of an exact read of one object is none to the storage.
  const isNamed = request.options.resourceVersionMatch === '' && isOfOneObject(request)
  const isExact = wanted !== 'newest' && 'exact' in wanted && !isNamed
  if (asked > storage.revision) {
    if (isExact && !gates.knowsFutureVersions) throw failure(500, '', FUTURE_REVISION)
    throw tooLargeResourceVersion(asked, storage.revision)
  }
  if (isExact && asked < collection.compactedRevision) throw expiredFor(range)
  const revision = isExact ? asked : storage.revision
  const versions = collection.read({ ...range, revision })
  const converted = convertAll(request.served, versions)
  return { revision, source: 'storage', versions: converted, count: () => versions.length }
}

function expiredFor({ prefix, from }: KeyRange): Error {
  if (from === undefined) return expired(LIST_EXPIRED)
  return expired(CONTINUE_EXPIRED, encodeContinue({ revision: 'latest', from }, prefix))
}
