import { KubeflumeError } from '../../api/errors.ts'
import { normalizeKey, type ObjectKey } from '../../api/key.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { Resource } from '../../api/resource.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { parse } from '../encoding/encoding.ts'
import type { OpenWatches } from '../reads/open-watches.ts'
import { expired, failure, notFound, type StatusCause, statusOf, tooLargeResourceVersion } from '../status.ts'
import type { StoredVersion } from '../storage/collection.ts'
import type { CacheChoice, Replicas } from '../storage/replicas.ts'
import { convert } from '../storage/conversion.ts'
import { parseRevision } from '../storage/revision.ts'
import { type Storage, versionOf } from '../storage/storage.ts'
import type { FaultPlan, Matching, Times } from './fault-plan.ts'
import { RequestFaults } from './request-faults.ts'

/** What of a running server faults act on. */
export interface FaultTargets {
  readonly plan: FaultPlan
  readonly watches: OpenWatches
  readonly storage: Storage
  readonly replicas: Replicas
  served(resource: Resource): ServedResource
  closeConnections(options: { readonly reset: boolean }): void
}

/** Which watch caches: all of them, where nothing is said. */
export interface CachesOf {
  readonly resource?: Resource | undefined
  /** The number of a server process, from 0; of one that there is not, nothing. */
  readonly replica?: number | undefined
}

export interface FallBehindFault extends CachesOf {
  /** In milliseconds. Without it, nothing is learned until `catchUp`. */
  readonly byMs?: number | undefined
}

/** Which server processes restart, and for how long they are not ready. */
export interface RestartFault {
  /** For so many milliseconds the watch caches are filled. @default 0 */
  readonly initializingMs?: number | undefined
  /** The number of the one server process that restarts, from 0. @default all of them */
  readonly replica?: number | undefined
}

/**
 * What is to go wrong, on command: with a request to come, or with the server at once. Requests are
 * recorded whatever becomes of them.
 */
export class Faults extends RequestFaults {
  readonly #targets: FaultTargets

  /** @internal Servers make their own. */
  constructor(targets: FaultTargets) {
    super(targets.plan)
    this.#targets = targets
  }

  /** Ends all open watches: properly, or with a reset. */
  dropWatches(options: { readonly reset?: boolean | undefined } = {}): void {
    for (const watch of this.#targets.watches.all) watch.drop(options)
  }

  /**
   * Makes watches deaf: their connection stays, nothing comes over it any more, not even their end.
   * Without `times` all that are open and all that open until `clear`; with it only the next ones.
   * A watch that is deaf remains so.
   */
  stallWatches(fault: Matching = {}): void {
    if (fault.times === undefined) for (const watch of this.#targets.watches.all) watch.deafen()
    this.plan.stallWatch.add({ ...fault, times: fault.times ?? Infinity })
  }

  /** Keeps the next events from every watcher. The objects are written, and the history has the events. */
  loseEvents({ times = 1 }: Times = {}): void {
    this.plan.eventsToLose += times
  }

  /** Sends an ERROR event to all open watches and ends them, as a server does. */
  sendWatchError(error: {
    readonly code: number
    readonly reason: string
    readonly message?: string | undefined
    readonly causes?: readonly StatusCause[] | undefined
    readonly retryAfterSeconds?: number | undefined
  }): void {
    const { code, reason, message = reason, causes, retryAfterSeconds } = error
    const hasDetails = causes !== undefined || retryAfterSeconds !== undefined
    const details = {
      ...(causes === undefined ? {} : { causes }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    }
    const status = statusOf(failure(code, reason, message, hasDetails ? details : undefined))
    for (const watch of this.#targets.watches.all) watch.fail(status)
  }

  /** Sends text as it is to all open watches: garbage, half an event, an event of the test's own. */
  sendToWatches(text: string): void {
    for (const watch of this.#targets.watches.all) watch.send(Buffer.from(text))
  }

  /** Ends all connections, by a reset of each: those of requests under way and those that wait for one. */
  resetConnections(): void {
    this.#targets.closeConnections({ reset: true })
  }

  /**
   * The server learns nothing of what is written from now on, until `catchUp`: a replica that lags
   * behind its storage. Lists that demand more than it has wait, and are 504 or read from the storage.
   * With `byMs` it learns of each write so much later.
   */
  fallBehind({ byMs, ...caches }: FallBehindFault = {}): void {
    this.#targets.replicas.fallBehind(this.#choice(caches), byMs)
  }

  /** Learns at once what it has missed, and keeps up from now on. */
  catchUp(caches: CachesOf = {}): void {
    this.#targets.replicas.catchUp(this.#choice(caches))
  }

  /**
   * Puts so many server processes behind the URL, each with its own watch caches: LISTs and WATCHes go to
   * them in turn, beginning with the first, and watches stay with theirs. New ones remember what the first
   * does. Make them differ with `fallBehind` and `restart`.
   */
  useReplicas(count: number): void {
    if (!Number.isInteger(count) || count < 1)
      throw new KubeflumeError('ERR_OPTION', `not a number of replicas: ${count}`)
    this.#targets.replicas.resize(count)
  }

  /**
   * New server processes on the same storage: every connection is cut, and the watch caches remember no
   * event. With `initializingMs` they are not ready for so long, and answer most reads with 429. Where one
   * `replica` restarts alone, its watches end and no connection is cut.
   */
  restart(options: RestartFault = {}): void {
    if (options.replica === undefined) this.#targets.closeConnections({ reset: false })
    this.#targets.replicas.restart(options)
  }

  /**
   * Goes back to an earlier state, as etcd restored from a backup, with a restart of the server: what was
   * written since is gone, and its versions are given out again.
   *
   * @throws {ApiError} 410 for a version that has been compacted, 504 for one that was never reached
   * @throws {KubeflumeError} `ERR_OPTION` for what is no version
   */
  restoreStorage(resourceVersion: string): void {
    const { storage } = this.#targets
    const revision = parseRevision(resourceVersion)
    if (revision > storage.revision) throw tooLargeResourceVersion(revision, storage.revision)
    if (revision < storage.oldestRevision) throw expired('the state is compacted')
    storage.restore(revision)
    this.restart()
  }

  /**
   * Forgets the storage's states before a version, by default all but the present one, as a compaction of
   * etcd. The watch caches keep their events, and snapshots from there on.
   *
   * @throws {KubeflumeError} `ERR_OPTION` for what is no version
   */
  compactStorage(resourceVersion?: string): void {
    const { storage } = this.#targets
    storage.compact(
      resourceVersion === undefined ? undefined : Math.min(parseRevision(resourceVersion), storage.revision),
    )
  }

  /**
   * Hides from the watch caches and their watches what is written while `write` runs: those are wrong from
   * then on, until a consistency check finds out.
   */
  writeBehindCaches<T>(write: () => T): T {
    return this.#targets.replicas.unheard(write)
  }

  /**
   * Changes what the watch caches hold of an object, or makes them lose it. The storage, snapshots of the
   * past and open watches do not notice. A consistency check goes by keys and resourceVersions: it finds an
   * object that is lost or whose version `edit` changes.
   *
   * @throws {ApiError} 404 where no cache holds it
   */
  corruptCaches<T extends KubernetesObject>(
    resource: Resource<T>,
    key: ObjectKey,
    edit?: (draft: T) => void,
    { replica }: Pick<CachesOf, 'replica'> = {},
  ): void {
    const served = this.#targets.served(resource)
    const text = normalizeKey(key, resource)
    const caches = this.#targets.replicas.caches({ served, replica }).filter((cache) => cache.tree.has(text))
    if (caches.length === 0) throw notFound(resource, text)
    for (const cache of caches) cache.corrupt(text, edit && edited(served, cache.tree.get(text)!, edit))
  }

  /**
   * Takes back what has not struck yet; there is one replica again, which is ready, knows everything and
   * keeps up. What has struck stays as it is.
   */
  clear(): void {
    this.plan.clear()
    this.#targets.replicas.recover()
  }

  #choice({ resource, replica }: CachesOf): CacheChoice {
    return { served: resource === undefined ? undefined : this.#targets.served(resource), replica }
  }
}

function edited<T>(served: ServedResource, held: StoredVersion, edit: (draft: T) => void): StoredVersion {
  const draft = parse(convert(served, held).bytes)
  edit(draft as T)
  return versionOf(served, draft, { revision: Number(draft.metadata.resourceVersion), isDeleted: false })
}
