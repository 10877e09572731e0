import type { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import { isOlder } from '../api/resource-version.ts'
import { Replacement } from '../store/replacement.ts'
import { limitOf, queryOf } from './list-plan.ts'
import { ListUnderWay } from './list-under-way.ts'
import { asKubeflumeError, duplicateKey, olderList } from './reflector-errors.ts'
import type { ReflectorParts } from './reflector-options.ts'
import type { ReflectorWatches } from './reflector-watches.ts'
import { afterListFailure, afterResumeFailure, type ListFailure, suited } from './relist.ts'
import { type Listing, type ListPlan, type ReflectorState, type Resuming, watching } from './state.ts'

/**
 * The lists of a reflector, one after the other: each is put in the store at its verified end, and is
 * otherwise dropped, or kept until it is resumed. What follows one that failed is decided in `relist.ts`.
 */
export class ReflectorLists<T extends KubernetesObject> {
  readonly #options: ReflectorParts<T>
  readonly #watches: ReflectorWatches<T>
  /** Kept from a cut until it is resumed. */
  #list: ListUnderWay<T> | undefined

  constructor(options: ReflectorParts<T>, watches: ReflectorWatches<T>) {
    this.#options = options
    this.#watches = watches
  }

  /** Makes a list, as soon as there may be one. */
  async begin(asked: Listing, signal: AbortSignal): Promise<ReflectorState> {
    const { mayList, progress, observer, memory } = this.#options
    for (let wait = mayList(signal); wait !== undefined; wait = mayList(signal)) {
      progress.held()
      await wait
    }
    const plan = suited(asked.plan, memory)
    const state = { ...asked, plan }
    const query = queryOf(plan)
    const list = this.#make(plan, signal)
    this.#list = list
    progress.listing(plan)
    if (memory.lastSeen !== undefined) observer.relist(plan)
    const read = () => (plan.strategy === 'watch-list' ? list.readWatchList(query) : list.readPages(query, signal))
    return this.#finish(state, { list, read }, signal)
  }

  /** Reads the rest of the list that was cut. */
  resume(state: Resuming, signal: AbortSignal): Promise<ReflectorState> {
    const list = this.#list!
    this.#options.progress.resuming(state)
    return this.#finish(state, { list, read: () => list.readRest(state.token, limitOf(state.plan), signal) }, signal)
  }

  /** What has come of a list is not used. */
  drop(): void {
    if (this.#list === undefined) return
    const { observer, progress } = this.#options
    this.#list[Symbol.dispose]()
    observer.dropped(this.#list)
    progress.dropped()
    this.#list = undefined
  }

  /** Puts a list in place at its verified end, or decides what follows its failure. */
  async #finish(
    state: Listing | Resuming,
    { list, read }: { readonly list: ListUnderWay<T>; readonly read: () => Promise<string> },
    signal: AbortSignal,
  ): Promise<ReflectorState> {
    const { clock, progress, observer } = this.#options
    const startedAt = clock.now()
    const ended = (error?: KubeflumeError) =>
      observer.list(state.plan, { list, durationMs: clock.now() - startedAt, error })
    try {
      const resourceVersion = await read()
      signal.throwIfAborted()
      await this.#commit(state.plan, list, resourceVersion)
      ended()
      return watching(resourceVersion)
    } catch (cause) {
      signal.throwIfAborted()
      const error = asKubeflumeError(cause)
      const { resourceVersion, items, token, hasBegun } = list
      const durationMs = clock.now() - startedAt
      const next = this.#afterFailure(state, { error, durationMs, resourceVersion, items, token, hasBegun })
      progress.failed(error, next.name === 'listing')
      ended(error)
      this.#keepOrDrop(next)
      return next
    }
  }

  #afterFailure(state: Listing | Resuming, failure: ListFailure): ReflectorState {
    const { memory } = this.#options
    return state.name === 'listing'
      ? afterListFailure(state, failure, memory)
      : afterResumeFailure(state, failure, memory)
  }

  /** What has come of a list that failed is of use only to who resumes it. */
  #keepOrDrop(next: ReflectorState): void {
    if (next.name === 'waiting' && next.next.name === 'resuming') this.#list?.openWatch()
    else {
      this.drop()
      this.#watches.end() // of a list that could not be put in place
    }
  }

  async #commit(plan: ListPlan, list: ListUnderWay<T>, resourceVersion: string): Promise<void> {
    const { progress, strategies, memory } = this.#options
    const { lastSeen } = memory
    if (lastSeen !== undefined && isOlder(resourceVersion, lastSeen) && !plan.mayGoBack)
      throw olderList(resourceVersion, lastSeen)
    if (plan.strategy === 'watch-list') strategies.worked()
    this.#list = undefined
    this.#watches.goOnWith(list.takeWatch())
    await progress.committed(resourceVersion, () => list.commit())
  }

  #make(plan: ListPlan, signal: AbortSignal): ListUnderWay<T> {
    const { store, namespace, trustsVersions, listWatcher, selectors, clock, progress, observer, memory } =
      this.#options
    let duplicates = 0
    const replacement = new Replacement<T>(store, {
      namespace,
      trustsVersions: trustsVersions && plan.mayGoBack !== true,
      isInitialList: memory.lastSeen === undefined,
      onDuplicate: (key) => {
        if (duplicates++ === 0) progress.survived(duplicateKey(key))
      },
    })
    return new ListUnderWay<T>({
      replacement,
      listWatcher,
      selectors,
      clock,
      onProgress: (items, received) => progress.received(items, received),
      onPage: (page) => observer.page(page),
      openWatch: (query) => this.#watches.open(query, signal),
    })
  }
}
