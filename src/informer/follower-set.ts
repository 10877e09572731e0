import type { KubernetesObject } from '../api/object.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { Follower } from './follower.ts'
import { isSameSelection, type Scope } from './scope.ts'

/**
 * Who follows which part of a store, while the scope changes. A part may for a while have two: one that is no
 * longer wanted, and serves, and the one that takes its place when its first list has come.
 */
export class FollowerSet<T extends KubernetesObject> {
  readonly #store: ObjectStore<T>
  #wanted: readonly Follower<T>[] = []
  #leaving: readonly Follower<T>[] = []
  #removed: Promise<unknown> = Promise.resolve()

  constructor(store: ObjectStore<T>) {
    this.#store = store
  }

  /** One for each namespace of the scope. */
  get wanted(): readonly Follower<T>[] {
    return this.#wanted
  }

  get all(): readonly Follower<T>[] {
    return [...this.#wanted, ...this.#leaving]
  }

  /** Resolves when what nobody follows any more has left the store. */
  get removed(): Promise<unknown> {
    return this.#removed
  }

  /** Goes over to another scope, and returns those that were not there before. */
  change(
    { namespaces, selectors }: Scope,
    make: (namespace: string | undefined) => Follower<T>,
  ): readonly Follower<T>[] {
    const before = this.all
    this.#wanted = namespaces.map(
      (namespace) =>
        before.find((one) => one.namespace === namespace && isSameSelection(one.selectors, selectors)) ??
        make(namespace),
    )
    const unwanted = before.filter((one) => !this.#wanted.includes(one))
    const serving = unwanted.filter(({ progress }) => progress.isSynced)
    this.#leaving = serving.filter((one) => this.#pending().some((next) => next.overlaps(one)))
    for (const one of unwanted) if (!this.#leaving.includes(one)) this.#retire(one)
    this.updateHolds()
    return this.#wanted.filter((one) => !before.includes(one))
  }

  /** The list of this one is about to be put in the place of what others have followed; one of these may list too. */
  supersede(follower: Follower<T>): void {
    if (this.#wanted.includes(follower)) this.#retireSome((old) => follower.overlaps(old))
  }

  /**
   * A first list asks for the newest state, so it has all that was applied before it was asked for. What comes
   * over the old watch while it is under way waits: else its commit would take the store back. And of two
   * lists of the same objects the second one begins when the first one has been told: both mark in the store what
   * they have seen, and one would take the other's marks for its own. Who has only part of a list serves nothing any
   * more, and is not waited for.
   */
  updateHolds(): void {
    this.#retireSome((old) => old.isInterrupted)
    const listing = this.#pending().filter(({ progress }) => progress.hasOpenList)
    for (const one of this.#wanted) one.hold(this.#leaving.some((old) => old.isListing && old.overlaps(one)))
    for (const old of this.#leaving) old.hold(listing.some((next) => next.overlaps(old)))
  }

  /** Those that have nothing in the store yet. */
  #pending(): readonly Follower<T>[] {
    return this.#wanted.filter(({ progress }) => !progress.isSynced)
  }

  #retireSome(isOver: (old: Follower<T>) => boolean): void {
    const over = this.#leaving.filter(isOver)
    this.#leaving = this.#leaving.filter((one) => !over.includes(one))
    for (const one of over) this.#retire(one)
  }

  /** Ends it, and drops what no other one follows: of one that has no list yet, what those before it have left there. */
  #retire(old: Follower<T>): void {
    old.stop(superseded())
    if (this.#isFollowed(old.namespace) || this.#leaving.some((one) => one.overlaps(old))) return
    const remove = (): Promise<unknown> => this.#removeUnfollowed(old.namespace)
    const removed = old.isCommitting ? old.isIdle.then(remove) : remove()
    this.#removed = Promise.all([this.#removed, removed]).then(() => {}) // else each result would hold the one before
  }

  #removeUnfollowed(namespace: string | undefined): Promise<unknown> {
    const namespaces = new Set([...this.#store.known(namespace)].map((entry) => entry.namespace))
    const left = [...namespaces].filter((one) => !this.#isFollowed(one))
    return Promise.all(left.map((one) => this.#store.removeScope(one)))
  }

  #isFollowed(namespace: string | undefined): boolean {
    return this.#wanted.some((one) => one.covers(namespace))
  }
}

function superseded(): Error {
  return new Error('another scope is followed')
}
