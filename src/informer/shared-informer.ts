import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Observer } from '../api/observer.ts'
import { isDeepEqual } from '../internal/deep-equal.ts'
import type { Change } from '../store/change.ts'
import { type IndexDefinition, pathOfIndex } from '../store/index-definition.ts'
import { errorReporter } from './error-reporter.ts'
import { Observers } from './observers.ts'
import type { ReflectingInformer, ReflectingInformerOptions } from './reflecting-informer.ts'

/** What a shared informer is told with, whatever is shared. */
export type SharedHooks<T extends KubernetesObject> = Pick<
  ReflectingInformerOptions<T>,
  'observer' | 'onError' | 'onChanges'
>

/** One of those who share an informer. */
export interface Member<T> {
  readonly indexes: { readonly [name: string]: IndexDefinition<T> }
  readonly onError: ((error: KubeflumeError) => void) | undefined
  /** Must not throw. */
  readonly observer: Observer
  onChanges(changes: readonly Change<T>[]): void
  onStarted(): void
}

export interface SharedInformerOptions<T extends KubernetesObject> {
  readonly create: (hooks: SharedHooks<T>) => ReflectingInformer<T, never>
  /** Hear everything, whoever shares it. */
  readonly observer: Observer
  readonly onError: ((error: KubeflumeError) => void) | undefined
  /** Its last member has left: it is ending. */
  readonly onEnd: () => void
}

/** An informer and those who share it. It starts once, ends with its last member, and does not come back. */
export class SharedInformer<T extends KubernetesObject> {
  readonly informer: ReflectingInformer<T, never>
  readonly #members = new Set<Member<T>>()
  /** Those of the members, after the one of all: whoever tells them looks here each time. */
  readonly #observers: Observer[]
  readonly #indexes = new Map<string, IndexDefinition<T>>()
  readonly #onEnd: () => void
  #isRunning = false

  constructor({ create, observer, onError, onEnd }: SharedInformerOptions<T>) {
    this.#observers = [observer]
    this.#onEnd = onEnd
    const report = errorReporter(() => [onError, ...[...this.#members].map((member) => member.onError)])
    this.informer = create({
      observer: new Observers(this.#observers, report),
      onError: report,
      onChanges: (changes) => {
        for (const member of this.#members) member.onChanges(changes)
      },
    })
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  get size(): number {
    return this.#members.size
  }

  /** @throws {KubeflumeError} `ERR_INDEX_CONFLICT`: then nothing has changed */
  join(member: Member<T>): void {
    const indexes = Object.entries(member.indexes)
    for (const [name, definition] of indexes) this.#checkIndex(name, definition)
    for (const [name, definition] of indexes) this.#addIndex(name, definition)
    this.#members.add(member)
    this.#observers.push(member.observer)
  }

  /** Resolves at once while others share it, else when it has ended. */
  async leave(member: Member<T>): Promise<void> {
    if (!this.#members.delete(member)) return
    this.#observers.splice(this.#observers.indexOf(member.observer), 1)
    if (this.#members.size > 0) return
    this.#onEnd()
    await this.informer.stop()
  }

  start(): void {
    if (this.#isRunning) return
    this.informer.start()
    this.#isRunning = true
    for (const member of this.#members) member.onStarted()
  }

  #checkIndex(name: string, definition: IndexDefinition<T>): void {
    const other = this.#indexes.get(name)
    if (other === undefined || isSameIndex(definition, other)) return
    const { plural } = this.informer.resource
    throw new KubeflumeError('ERR_INDEX_CONFLICT', `${plural} are shared with another index ${JSON.stringify(name)}`)
  }

  #addIndex(name: string, definition: IndexDefinition<T>): void {
    if (this.#indexes.has(name)) return
    this.#indexes.set(name, definition)
    void this.informer.objects.addIndex(name, definition)
  }
}

/** Fields are compared by where they lead, functions by what they are. */
function isSameIndex<T>(a: IndexDefinition<T>, b: IndexDefinition<T>): boolean {
  if (typeof a === 'function' || typeof b === 'function') return a === b
  return isDeepEqual(pathOfIndex(a), pathOfIndex(b))
}
