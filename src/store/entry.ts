import { KubeflumeError } from '../api/errors.ts'
import { type DeepReadonly, deepFreeze } from '../api/object.ts'
import type { WireObject } from '../api/wire-object.ts'
import { freezesSharedObjects } from '../internal/environment.ts'

/**
 * One version of one object, as the store holds it: who it is, and its wire form, decoded when
 * somebody reads it. Readers of one version share one object for as long as any of them holds it.
 */
export class Entry<T> {
  readonly key: string
  readonly namespace: string | undefined
  readonly uid: string
  readonly resourceVersion: string
  /** By the names of the indexes that need the decoded object. */
  readonly indexValues: ReadonlyMap<string, readonly string[]> | undefined
  /** False for an object that the informer's filter keeps out of the view: then there are no bytes either. */
  readonly isVisible: boolean
  readonly #wire: WireObject<T> | undefined
  readonly #onQuarantine: (entry: Entry<T>, error: KubeflumeError) => void
  #decoded: WeakRef<object> | undefined
  #kept: T | undefined
  #error: KubeflumeError | undefined

  constructor(wire: WireObject<T>, options: EntryOptions<T>) {
    this.key = wire.key
    this.namespace = wire.namespace
    this.uid = wire.uid
    this.resourceVersion = wire.resourceVersion
    this.isVisible = options.isVisible
    this.indexValues = options.indexValues
    this.#onQuarantine = options.onQuarantine
    if (options.error !== undefined) this.#quarantine(options.error)
    else if (options.kept !== undefined) this.#kept = share(options.kept)
    else if (options.isVisible) this.#wire = wire
  }

  /** Why the object cannot be read, as far as anyone has tried. */
  get error(): KubeflumeError | undefined {
    return this.#error
  }

  /** The bytes, where they are what is kept. */
  get bytes(): Uint8Array | undefined {
    return this.#wire?.bytes
  }

  /** @throws {KubeflumeError} why the object is quarantined */
  read(): DeepReadonly<T> {
    if (this.#error !== undefined) throw this.#error
    if (this.#kept !== undefined) return this.#kept as DeepReadonly<T>
    const cached = this.#decoded?.deref()
    if (cached !== undefined) return cached as DeepReadonly<T>
    const object = this.#decode()
    this.#decoded = new WeakRef(object as object)
    return object as DeepReadonly<T>
  }

  /** As `read`, with undefined for what is quarantined. */
  tryRead(): DeepReadonly<T> | undefined {
    try {
      return this.read()
    } catch (error) {
      if (this.#error === undefined) throw error
      return undefined
    }
  }

  /** Whether it is a transformed object with the same content as another one: that has no bytes to compare. */
  reads(other: Entry<T>): boolean {
    return this.#kept !== undefined && JSON.stringify(this.#kept) === JSON.stringify(other.#kept)
  }

  #decode(): T {
    if (this.#wire === undefined) throw new Error(`${this.key} is outside the view`)
    try {
      return share(this.#wire.decode())
    } catch (error) {
      if (error instanceof KubeflumeError) this.#quarantine(error)
      throw error
    }
  }

  #quarantine(error: KubeflumeError): void {
    this.#error = error
    this.#onQuarantine(this, error)
  }
}

export interface EntryOptions<T> {
  readonly isVisible: boolean
  readonly onQuarantine: (entry: Entry<T>, error: KubeflumeError) => void
  /** A transformed object: its wire form no longer says what it is. */
  readonly kept?: T | undefined
  readonly error?: KubeflumeError | undefined
  readonly indexValues?: ReadonlyMap<string, readonly string[]> | undefined
}

function share<T>(object: T): T {
  return freezesSharedObjects ? deepFreeze(object) : object
}
