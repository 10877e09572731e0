import { KubeflumeError } from '../api/errors.ts'
import { readFieldPath } from '../api/field-path.ts'
import { type DeepReadonly, deepFreeze } from '../api/object.ts'
import type { WireCodec, WireForm } from '../api/wire-codec.ts'
import type { WireObject } from '../api/wire-object.ts'
import { isDeepEqual } from '../internal/deep-equal.ts'
import { freezesSharedObjects } from '../internal/environment.ts'
import { compactUid, compactVersion, expandUid } from './compact-identity.ts'
import { type HotObjects, type Holder, SharedObject } from './hot-objects.ts'
import { OwnBytes, type Place, type Resident } from './place.ts'

/** What the entries of one store need of it. */
export interface EntryHost<T> {
  readonly codec: WireCodec
  readonly hot: HotObjects
  onQuarantine(entry: Entry<T>, error: KubeflumeError): void
}

/** The values that an object has in each index, by the index's number. */
export type IndexValues = readonly (readonly string[])[]

/** An object that the informer's filter keeps out of the view: known by its identity alone. */
const HIDDEN = Symbol('hidden')
/** It has been decoded, and is not any more. */
const WAS_READ = Symbol('was read')

/**
 * One version of one object, as the store holds it: who it is, and where its bytes are, decoded when
 * somebody reads it. Readers of one version share what is decoded, as long as it is remembered (`HotObjects`).
 * There are as many of these as objects in the cluster: every field counts.
 */
export class Entry<T> implements Resident, Holder {
  readonly key: string
  /** The replacement that saw the object last. */
  seenBy = 0
  indexValues: IndexValues | undefined
  #place: Place | undefined
  #index = 0
  readonly #uid: string
  readonly #version: string | number
  readonly #host: EntryHost<T>
  readonly #form: WireForm | undefined
  /** What is known of the object besides its bytes: it is decoded, or held by others, or cannot be read. */
  #held: SharedObject | WeakRef<object> | KubeflumeError | typeof HIDDEN | typeof WAS_READ | undefined

  constructor(wire: WireObject<T>, host: EntryHost<T>, state: EntryState<T> = {}) {
    this.key = wire.key
    this.#uid = compactUid(wire.uid)
    this.#version = compactVersion(wire.resourceVersion)
    this.#host = host
    this.indexValues = state.indexValues
    if (state.isHidden) this.#held = HIDDEN
    else if (state.error !== undefined) this.quarantine(state.error)
    else if (state.kept !== undefined) this.#held = shared(state.kept)
    else {
      this.#place = new OwnBytes(wire.bytes)
      this.#form = host.codec.formOf(wire)
    }
  }

  get uid(): string {
    return expandUid(this.#uid)
  }

  get resourceVersion(): string {
    return String(this.#version)
  }

  get namespace(): string | undefined {
    const slash = this.key.indexOf('/')
    return slash === -1 ? undefined : this.key.slice(0, slash)
  }

  get isVisible(): boolean {
    return this.#held !== HIDDEN
  }

  /** Why the object cannot be read, as far as anyone has tried. */
  get error(): KubeflumeError | undefined {
    return this.#held instanceof KubeflumeError ? this.#held : undefined
  }

  /** The bytes, where they are what is kept. Nobody writes to them again. */
  get bytes(): Uint8Array | undefined {
    return this.#place?.read(this.#index)
  }

  get place(): Place | undefined {
    return this.#place
  }

  get index(): number {
    return this.#index
  }

  get hot(): SharedObject | undefined {
    return this.#held instanceof SharedObject ? this.#held : undefined
  }

  /** Whether it is the object with this uid in this version. What lacks either is no version of anything. */
  isVersion({ uid, resourceVersion }: Pick<WireObject, 'uid' | 'resourceVersion'>): boolean {
    return (
      uid !== '' &&
      resourceVersion !== '' &&
      this.#version === compactVersion(resourceVersion) &&
      this.#uid === compactUid(uid)
    )
  }

  isSameObject(other: Entry<T>): boolean {
    return this.#uid === other.#uid
  }

  /** @throws {KubeflumeError} why the object is quarantined */
  read(): DeepReadonly<T> {
    const held = this.#held
    if (held instanceof SharedObject) {
      held.wasRead = true
      return held.object as DeepReadonly<T>
    }
    if (held instanceof KubeflumeError) throw held
    const cooled = held instanceof WeakRef ? held.deref() : undefined
    return this.#share(cooled ?? this.#decode()) as DeepReadonly<T>
  }

  /** As `read`, for who walks over many objects: what is decoded for him is not kept for others. */
  readOnce(): DeepReadonly<T> {
    const held = this.#held
    const known = held instanceof SharedObject ? held.object : held instanceof WeakRef ? held.deref() : undefined
    if (held instanceof KubeflumeError) throw held
    return (known ?? this.#decode()) as DeepReadonly<T>
  }

  /** As `read`, with undefined for what is quarantined. */
  tryRead(): DeepReadonly<T> | undefined {
    return this.#unlessQuarantined(() => this.read())
  }

  /** As `readOnce`, with undefined for what is quarantined. */
  tryReadOnce(): DeepReadonly<T> | undefined {
    return this.#unlessQuarantined(() => this.readOnce())
  }

  /** What the path leads to: of the decoded object where there is one, otherwise of the bytes. Of what has neither: nothing. */
  readPath(parts: readonly string[]): readonly (string | number | boolean)[] {
    if (this.hot !== undefined) return readFieldPath(this.hot.object, parts).filter(isScalar)
    return this.#place === undefined ? [] : this.#host.codec.readPath(this.#wire(), parts)
  }

  /**
   * Whether readers would see the same: an item and an event say so in other bytes, and what a transform makes has
   * none. What neither of them can be read is the same, too.
   */
  keepsSameAs(other: Entry<T>): boolean {
    if (!this.isVisible || !other.isVisible) return false
    return isDeepEqual(this.tryReadOnce(), other.tryReadOnce())
  }

  quarantine(error: KubeflumeError): void {
    this.#held = error
    this.#host.onQuarantine(this, error)
  }

  moveTo(place: Place, index: number): void {
    this.#place = place
    this.#index = index
  }

  cool(): void {
    if (this.#held instanceof SharedObject) this.#held = new WeakRef(this.#held.object)
  }

  forget(): void {
    if (this.#held instanceof SharedObject) this.#held = WAS_READ
  }

  forgetCollected(): boolean {
    if (!(this.#held instanceof WeakRef)) return true
    if (this.#held.deref() !== undefined) return false
    this.#held = WAS_READ
    return true
  }

  #unlessQuarantined(read: () => DeepReadonly<T>): DeepReadonly<T> | undefined {
    try {
      return read()
    } catch (error) {
      if (this.error === undefined) throw error
      return undefined
    }
  }

  #share(object: object): object {
    const isFirstTime = this.#held === undefined
    this.#held = new SharedObject(object)
    this.#host.hot.add(this, this.#place!.lengthOf(this.#index), isFirstTime)
    return object
  }

  #decode(): object {
    if (this.#place === undefined) throw new Error(`${this.key} is outside the view`)
    try {
      return freeze(this.#wire().decode() as object)
    } catch (error) {
      if (error instanceof KubeflumeError) this.quarantine(error)
      throw error
    }
  }

  /** The object as it came off the wire. */
  #wire(): WireObject<T> {
    const { key, namespace, uid, resourceVersion } = this
    const name = namespace === undefined ? key : key.slice(namespace.length + 1)
    const identity = { key, namespace, name, uid, resourceVersion }
    return this.#host.codec.revive<T>(identity, this.bytes!, this.#form!)
  }
}

export interface EntryState<T> {
  readonly isHidden?: boolean | undefined
  readonly error?: KubeflumeError | undefined
  /** A decoded object that is kept for good. */
  readonly kept?: T | undefined
  readonly indexValues?: IndexValues | undefined
}

function shared(object: unknown): SharedObject {
  return new SharedObject(freeze(object as object))
}

function freeze(object: object): object {
  return freezesSharedObjects ? deepFreeze(object) : object
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
