import type { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import { isOlder } from '../api/resource-version.ts'
import { apiVersionOf, isMetadataOnly, type Resource } from '../api/resource.ts'
import { kindSchema } from '../decode/protobuf/schema.ts'
import type { Clock } from '../internal/clock.ts'
import type { Change } from '../store/change.ts'
import type { IngestOptions } from '../store/ingest.ts'
import { ObjectStore } from '../store/object-store.ts'
import type { ListWatcher, Query } from './list-watcher.ts'
import { type ProgressListener, ReflectorProgress } from './reflector-progress.ts'
import { Reflector } from './reflector.ts'
import type { ListPlan } from './state.ts'

/** What an informer follows, and how: the same for every run. */
export interface RunOptions<T extends KubernetesObject> {
  readonly resource: Resource<T>
  /** `[undefined]`: all namespaces. */
  readonly namespaces: readonly (string | undefined)[]
  readonly selectors: Query
  readonly first: ListPlan
  /** Fields that the store does not have, whatever the objects have. */
  readonly omitted: readonly (readonly string[])[]
  readonly ingest: Omit<IngestOptions<T>, 'onQuarantine'>
  readonly clock: Clock
}

export interface RunListener<T> extends ProgressListener {
  onChanges(changes: readonly Change<T>[]): void
}

/** An informer between a start and a stop: one store, and a reflector for each scope of it. */
export class Run<T extends KubernetesObject> {
  readonly store: ObjectStore<T>
  readonly progress: readonly ReflectorProgress[]
  readonly #options: RunOptions<T>
  readonly #abort = new AbortController()
  #ended: Promise<unknown> = Promise.resolve()

  constructor(options: RunOptions<T>, listener: RunListener<T>) {
    this.#options = options
    this.store = new ObjectStore<T>({
      ...options.ingest,
      onChanges: (changes) => {
        // what still arrives when it has been stopped is not for those who follow the next run
        if (!this.#abort.signal.aborted) listener.onChanges(changes)
      },
      onQuarantine: (_key, error) => listener.onError(error),
    })
    this.progress = options.namespaces.map((namespace) => new ReflectorProgress(namespace, options.clock, listener))
  }

  start(listWatcherOf: (namespace: string | undefined) => ListWatcher<T>): void {
    const { resource, selectors, first, clock } = this.#options
    const reflectors = this.progress.map((progress) => {
      const { namespace } = progress
      const listWatcher = listWatcherOf(namespace)
      const trustsVersions = isStoredByApiServer(resource)
      const { store } = this
      return new Reflector<T>({
        resource,
        namespace,
        store,
        listWatcher,
        selectors,
        first,
        trustsVersions,
        clock,
        progress,
      })
    })
    this.#ended = Promise.all(reflectors.map((reflector) => reflector.run(this.#abort.signal)))
  }

  get isSynced(): boolean {
    return this.progress.every(({ isSynced }) => isSynced)
  }

  /** The oldest of the scopes' versions; undefined while one of them has none. */
  get resourceVersion(): string | undefined {
    const versions = this.progress.map(({ resourceVersion }) => resourceVersion)
    return versions.reduce((oldest, version) => {
      if (oldest === undefined || version === undefined) return undefined
      return isOlder(version, oldest) ? version : oldest
    }, versions[0])
  }

  get permanentError(): KubeflumeError | undefined {
    return this.progress.find(({ permanentError }) => permanentError !== undefined)?.permanentError
  }

  /** Resolves when every request of it has ended. */
  async stop(reason: Error): Promise<void> {
    this.#abort.abort(reason)
    await Promise.resolve() // a status listener may stop it while `start` is under way: what ends is known a turn later
    await this.#ended
    for (const progress of this.progress) progress.stopped()
  }
}

/** Custom resources are converted on the way out, and an aggregated API keeps its objects as it likes. */
function isStoredByApiServer(resource: Resource): boolean {
  return kindSchema(apiVersionOf(resource), resource.kind) !== undefined && !isMetadataOnly(resource)
}
