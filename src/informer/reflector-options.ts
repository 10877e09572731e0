import type { KubernetesObject } from '../api/object.ts'
import type { Observer } from '../api/observer.ts'
import type { Resource } from '../api/resource.ts'
import type { Clock } from '../internal/clock.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { ListWatcher, Query } from './list-watcher.ts'
import type { Memory } from './pause.ts'
import type { ReflectorObserver } from './reflector-observer.ts'
import type { ReflectorProgress } from './reflector-progress.ts'
import type { ListPlan } from './state.ts'
import type { StrategyMemory } from './strategy-memory.ts'
import type { SyncBudget } from './sync-budget.ts'

export interface ReflectorOptions<T extends KubernetesObject> {
  readonly resource: Resource<T>
  /** Whose objects these are; undefined: all. */
  readonly namespace: string | undefined
  readonly store: ObjectStore<T>
  readonly listWatcher: ListWatcher<T>
  /** `labelSelector` and `fieldSelector`, sent with every request. */
  readonly selectors: Query
  readonly first: ListPlan
  readonly strategies: StrategyMemory
  readonly trustsVersions: boolean
  readonly clock: Clock
  readonly progress: ReflectorProgress
  /** Must not throw. */
  readonly observer: Observer
  /** What a list has to wait for before it begins; undefined: nothing. */
  readonly mayList: (signal: AbortSignal) => Promise<void> | undefined
  /** For first lists alone; undefined: they are made at once. */
  readonly budget?: SyncBudget | undefined
}

/** What its lists and its watches have of a reflector. */
export interface ReflectorParts<T extends KubernetesObject> extends Omit<ReflectorOptions<T>, 'observer'> {
  readonly observer: ReflectorObserver
  readonly memory: Memory
}
