import type { DeepReadonly } from '../../src/api/object.ts'
import { compareResourceVersions } from '../../src/api/resource-version.ts'
import { isDeepEqual } from '../../src/internal/deep-equal.ts'
import type { Delta } from '../../src/informer/delta.ts'
import type { Thing } from './scopes.ts'

type Seen = DeepReadonly<Thing>

export interface WitnessOptions {
  readonly name: string
  /** Takes what is wrong. */
  readonly report: (violation: string) => void
  /** Whether versions may be those of a server that lied, or was restored: then only the order of kinds counts. */
  readonly mayGoBack: () => boolean
  /** Whether an object that left the view may come back as it was: the scope has been changed. */
  readonly mayReturn: () => boolean
  /** Whether what waits is folded: then what is last known of an object may not have been told. */
  readonly isFolded: boolean
}

/** A subscriber that folds what it is told, and says where one delta does not follow on those before. */
export class Witness {
  readonly fold: Map<string, Seen> = new Map()
  readonly #options: WitnessOptions
  /** Of each key. */
  readonly #newest = new Map<string, string>()

  constructor(options: WitnessOptions) {
    this.#options = options
  }

  get name(): string {
    return this.#options.name
  }

  hear(delta: Delta<Thing>): void {
    const { key, object } = delta
    const before = this.fold.get(key)
    if (delta.type === 'added') this.#added(delta, before)
    else if (before === undefined) this.#report(delta, 'of what it does not have')
    else if (delta.type === 'updated') this.#updated(delta, before)
    else this.#deleted(delta, before)
    if (delta.type === 'deleted') this.fold.delete(key)
    else this.fold.set(key, object)
  }

  #added(delta: Delta<Thing>, before: Seen | undefined): void {
    if (before !== undefined) this.#report(delta, `of what it has at ${before.metadata.resourceVersion}`)
    this.#checkVersion(delta, { mayBeSame: this.#options.mayReturn() })
  }

  #updated(delta: Extract<Delta<Thing>, { readonly type: 'updated' }>, before: Seen): void {
    const { object, previous, isResync } = delta
    if (!isDeepEqual(previous, before))
      this.#report(delta, `with previous ${idOf(previous)}, having seen ${idOf(before)}`)
    if (object.metadata.uid !== before.metadata.uid) this.#report(delta, 'of another uid')
    if (isResync && !isDeepEqual(object, before)) this.#report(delta, 'as a resync of another state')
    this.#checkVersion(delta, { mayBeSame: isResync })
  }

  #deleted(delta: Extract<Delta<Thing>, { readonly type: 'deleted' }>, before: Seen): void {
    const { object, finalStateKnown } = delta
    if (object.metadata.uid !== before.metadata.uid) this.#report(delta, 'of another uid')
    if (!finalStateKnown && !this.#options.isFolded && !isDeepEqual(object, before))
      this.#report(delta, `unseen, having seen ${idOf(before)}`)
    this.#checkVersion(delta, { mayBeSame: true })
  }

  #checkVersion({ key, type, object }: Delta<Thing>, { mayBeSame }: { readonly mayBeSame: boolean }): void {
    const version = object.metadata.resourceVersion ?? ''
    const before = this.#newest.get(key)
    this.#newest.set(key, version)
    if (before === undefined || this.#options.mayGoBack()) return
    const order = compareResourceVersions(version, before) ?? 0
    if (order < 0 || (order === 0 && !mayBeSame))
      this.#options.report(`${this.name}: ${type} ${key} ${version} after ${before}`)
  }

  #report({ type, key, object }: Delta<Thing>, what: string): void {
    this.#options.report(`${this.name}: ${type} ${key} ${idOf(object)} ${what}`)
  }
}

function idOf({ metadata }: Seen): string {
  return `${metadata.uid?.slice(0, 8)}@${metadata.resourceVersion}`
}
