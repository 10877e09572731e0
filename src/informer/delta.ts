import type { DeepReadonly } from '../api/object.ts'
import type { Change } from '../store/change.ts'

/** What happened to one object. `object` and `previous` are decoded when they are first read. */
export type Delta<T> = { readonly key: string; readonly object: DeepReadonly<T> } & (
  | { readonly type: 'added'; readonly isInitialList: boolean }
  | { readonly type: 'updated'; readonly previous: DeepReadonly<T>; readonly isResync: boolean }
  /** `finalStateKnown: false`: the delete was not seen, a list showed it; `object` is the last state that was. */
  | { readonly type: 'deleted'; readonly finalStateKnown: boolean }
)

/** One method a kind of delta; those that are left out hear nothing. They are awaited, one by one. */
export interface Handlers<in T> {
  /** An object that is there, new or since before the subscription (`delta.isInitialList`). */
  added?(object: DeepReadonly<T>, delta: Delta<T>): void | Promise<void>
  /** `previous` is what this subscriber heard last. */
  updated?(object: DeepReadonly<T>, previous: DeepReadonly<T>, delta: Delta<T>): void | Promise<void>
  /** `object` is the last state that was seen. */
  deleted?(object: DeepReadonly<T>, delta: Delta<T>): void | Promise<void>
}

/** Called with each delta, and awaited. */
export type DeltaHandler<T> = (delta: Delta<T>) => void | Promise<void>

/** The delta of a change; it pins the versions that it speaks of. */
export function toDelta<T>(change: Change<T>): Delta<T> {
  return new LazyDelta(change) as unknown as Delta<T>
}

/** Has the fields of every kind of delta; those of another kind are undefined. */
class LazyDelta<T> {
  readonly key: string
  readonly type: Change<T>['type']
  readonly isInitialList: boolean | undefined
  readonly isResync: boolean | undefined
  readonly finalStateKnown: boolean | undefined
  readonly #change: Change<T>
  #object: DeepReadonly<T> | undefined
  #previous: DeepReadonly<T> | undefined

  constructor(change: Change<T>) {
    this.#change = change
    this.key = change.object.key
    this.type = change.type
    if (change.type === 'added') this.isInitialList = change.isInitialList
    if (change.type === 'updated') this.isResync = change.isResync
    if (change.type === 'deleted') this.finalStateKnown = change.finalStateKnown
  }

  get object(): DeepReadonly<T> {
    return (this.#object ??= this.#change.object.read())
  }

  get previous(): DeepReadonly<T> | undefined {
    if (this.#change.type !== 'updated') return undefined
    return (this.#previous ??= this.#change.previous.readOnce()) // it is gone, and nobody will ask for it again
  }
}

/** Calls the method that is there for the delta. */
export function dispatch<T>(handlers: Handlers<T>, delta: Delta<T>): void | Promise<void> {
  switch (delta.type) {
    case 'added':
      return handlers.added?.(delta.object, delta)
    case 'updated':
      return handlers.updated?.(delta.object, delta.previous, delta)
    case 'deleted':
      return handlers.deleted?.(delta.object, delta)
    default:
      return delta satisfies never
  }
}
