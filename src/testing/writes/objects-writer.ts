import { joinKey } from '../../api/key.ts'
import type { Clock } from '../../internal/clock.ts'
import type { Registry, ServedResource } from '../catalog/registry.ts'
import { type AnyMetadata, type AnyObject, encode, parse } from '../encoding/encoding.ts'
import { alreadyExists, badRequest, failure, notFound } from '../status.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { convert } from '../storage/conversion.ts'
import { type Storage, versionOf } from '../storage/storage.ts'
import { applyConfiguration } from './apply.ts'
import { Deletions, type DeleteOptions } from './deletions.ts'
import { EMPTY } from './field-set.ts'
import { type FieldOwner, ownersOf, ownUpdate, withOwners } from './field-owners.ts'
import { typeOf } from './field-type.ts'
import { checkImmutableData } from './immutable-data.ts'
import { isMap } from './json-value.ts'
import { checkLabels } from './label-rules.ts'
import { checkNewMetadata, checkVersions, updatedMetadata } from './metadata-rules.ts'
import { Namespaces } from './namespaces.ts'
import { checkName, generatedName, nameRequired } from './object-names.ts'
import { prepareNew, prepareUpdate, withGeneration } from './preparation.ts'
import { uidOfNothing, wrongKind } from './refusals.ts'
import { withSecretData } from './secrets.ts'

/** Who writes, and through which path. */
export interface Writing {
  /** As the path has it. */
  readonly namespace?: string | undefined
  /**
   * In process: the object keeps the uid, the times, the generation and the status that it was given, and
   * its namespace need not exist. Over HTTP the server gives them out.
   */
  readonly keepsIdentity?: boolean | undefined
  readonly subresource?: string | undefined
  readonly isDryRun?: boolean | undefined
  /** Who owns what is written. @default 'unknown' */
  readonly manager?: string | undefined
  /** The object was made from the stored one by a patch. */
  readonly isPatch?: boolean | undefined
}

export interface ApplyWriting extends Writing {
  readonly manager: string
  readonly isForced: boolean
}

export interface WriterParts {
  readonly storage: Storage
  readonly clock: Clock
  readonly registry: Registry
  /** Writes `managedFields` at every write, not only on objects that somebody has applied. */
  readonly tracksFields?: boolean | undefined
}

const IN_PROCESS: Writing = { keepsIdentity: true }

/**
 * The rules by which objects change, the same over HTTP and in process: identity, versions, conflicts,
 * generations, finalizers, owners of fields.
 *
 * Of admission there is the life of namespaces, of validation what concerns metadata, of defaulting
 * what clients cannot do without; controllers, and with them garbage collection, are not played.
 */
export class ObjectsWriter {
  readonly #parts: WriterParts
  readonly #namespaces: Namespaces
  readonly #deletions: Deletions

  constructor(parts: WriterParts) {
    this.#parts = parts
    this.#namespaces = new Namespaces(parts.storage, parts.registry)
    this.#deletions = new Deletions(parts.storage, this.#namespaces)
  }

  /** @throws {ApiError} 409 AlreadyExists, 422 without a valid name, 400 for another namespace or kind than the path's, 404 and 403 without its namespace */
  create(served: ServedResource, object: AnyObject, writing: Writing = IN_PROCESS): StoredVersion {
    checkKind(served, object)
    const { keepsIdentity = false, isDryRun = false } = writing
    const namespace = namespaceOf(served, object.metadata, writing)
    if (namespace !== undefined) {
      if (keepsIdentity) this.#namespaces.allow(namespace)
      else this.#namespaces.check(served.resource, namespace, object.metadata.name ?? '')
    }
    if (!keepsIdentity) checkNewMetadata(object.metadata)
    const identified = this.#identified(served, withSecretData(served, object), namespace, keepsIdentity)
    if (!keepsIdentity) checkLabels(served.resource, identified.metadata)
    const isComplete = keepsIdentity && object.metadata.uid !== undefined
    const prepared = isComplete ? identified : prepareNew(served, identified, this.#now(), keepsIdentity)
    const key = joinKey(namespace, prepared.metadata.name ?? '')
    if (this.#stored(served, key) !== undefined) throw alreadyExists(served.resource, prepared.metadata.name ?? '')
    const hasOwners = isComplete || ownersOf(prepared).length > 0
    const owned = this.#parts.tracksFields && !hasOwners ? this.#owned(served, undefined, prepared, writing) : prepared
    if (!isDryRun) return this.#parts.storage.put(served, owned)
    return { ...versionOf(served, owned, { revision: 0, isDeleted: false }), bytes: encode(served, owned) }
  }

  /**
   * Replaces an object, or the part of it that a subresource is. An update that changes nothing writes
   * nothing: the version stays. One that takes the last finalizer of an object that is being deleted
   * removes it.
   *
   * @throws {ApiError} 404, 409 for another version or uid than the stored one, 422 for metadata that cannot change
   */
  update(served: ServedResource, key: string, given: AnyObject, writing: Writing = IN_PROCESS): StoredVersion {
    checkKind(served, given)
    const stored = this.get(served, key)
    const { keepsIdentity = false } = writing
    checkVersions(served, stored, given.metadata, writing)
    namespaceOf(served, given.metadata, { namespace: stored.namespace })
    const old = parse(stored.bytes)
    const metadata = updatedMetadata(served, old, given.metadata, keepsIdentity)
    const object = normalized(served, withSecretData(served, { ...given, metadata }))
    if (!keepsIdentity) checkLabels(served.resource, metadata)
    checkImmutableData(served, old, object)
    const now = this.#now()
    const prepared = keepsIdentity
      ? withGeneration(served, old, object)
      : prepareUpdate(served, old, object, { subresource: writing.subresource, now })
    return this.#replace(
      served,
      stored,
      this.#isTracked(old) ? this.#owned(served, old, prepared, writing) : prepared,
      writing,
    )
  }

  /**
   * Server-side apply: creates the object or merges into it, and remembers what the manager applied.
   *
   * @throws {ApiError} 409 with the fields that others own
   */
  apply(
    served: ServedResource,
    key: string,
    applied: AnyObject,
    writing: ApplyWriting,
  ): { version: StoredVersion; isNew: boolean } {
    checkKind(served, applied)
    const stored = this.#stored(served, key)
    const owner = this.#owner(served, writing, 'Apply')
    const options = { owner, isForced: writing.isForced, type: typeOf(served) }
    if (stored === undefined) {
      if (writing.subresource !== undefined) throw notFound(served.resource, nameIn(key))
      const { uid } = applied.metadata
      if (uid) throw uidOfNothing(served.resource, nameIn(key), uid)
      const { managedFields: _none, ...metadata } = applied.metadata
      const fresh = applyConfiguration({ metadata: {} }, { ...applied, metadata }, options)
      return {
        version: this.create(served, { ...fresh, metadata: { ...metadata, ...fresh.metadata } }, writing),
        isNew: true,
      }
    }
    checkVersions(served, stored, applied.metadata, { ...writing, isPatch: true, subresource: 'apply' })
    const old = parse(stored.bytes)
    const result = normalized(served, applyConfiguration(this.#beforeFirstApply(served, old), applied, options))
    const metadata = updatedMetadata(served, old, result.metadata, false)
    const object = withSecretData(served, { ...result, metadata })
    checkLabels(served.resource, metadata)
    checkImmutableData(served, old, object)
    const { subresource } = writing
    const prepared = prepareUpdate(served, old, object, { subresource, now: this.#now() })
    return { version: this.#replace(served, stored, prepared, writing), isNew: false }
  }

  /**
   * Deletes an object, or marks it as being deleted where finalizers hold it.
   *
   * @throws {ApiError} 404, 409 where a precondition does not hold, 403 for a namespace that must stay
   */
  remove(served: ServedResource, key: string, options: DeleteOptions = {}): StoredVersion {
    return this.#deletions.remove(served, this.get(served, key), options, this.#now())
  }

  /** @throws {ApiError} 404 */
  get(served: ServedResource, key: string): StoredVersion {
    const stored = this.#stored(served, key)
    if (stored === undefined) throw notFound(served.resource, nameIn(key))
    return stored
  }

  #stored(served: ServedResource, key: string): StoredVersion | undefined {
    const stored = this.#parts.storage.collection(served).get(key)
    return stored && convert(served, stored)
  }

  #identified(
    served: ServedResource,
    object: AnyObject,
    namespace: string | undefined,
    keepsIdentity: boolean,
  ): AnyObject {
    const { generateName, namespace: _namespace, ...given } = object.metadata
    const name = given.name || (generateName ? generatedName(generateName) : undefined)
    if (!name) throw nameRequired(served.resource)
    checkName(served.resource, name)
    const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, resourceVersion, ...rest } = given
    const kept = keepsIdentity
      ? { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, resourceVersion }
      : {}
    const metadata: AnyMetadata = {
      ...rest,
      ...defined(kept),
      name,
      ...(generateName ? { generateName } : {}),
      ...(namespace === undefined ? {} : { namespace }),
      uid: kept.uid ?? crypto.randomUUID(),
      creationTimestamp: kept.creationTimestamp ?? this.#now(),
    }
    return { ...object, metadata }
  }

  /** Writes a changed object, or removes it when its last finalizer has gone. */
  #replace(served: ServedResource, stored: StoredVersion, object: AnyObject, { isDryRun }: Writing): StoredVersion {
    const version = versionOf(served, object, { revision: stored.revision, isDeleted: false })
    if (version.bytes.equals(stored.bytes)) return stored
    if (isDryRun) return version
    if (this.#deletions.isDone(served, object)) {
      this.#deletions.finish(served, stored)
      return version
    }
    return this.#parts.storage.put(served, object)
  }

  #isTracked(stored: AnyObject): boolean {
    return this.#parts.tracksFields === true || ownersOf(stored).some(({ operation }) => operation === 'Apply')
  }

  #owned(served: ServedResource, old: AnyObject | undefined, object: AnyObject, writing: Writing): AnyObject {
    const kept = old === undefined ? object : withOwners(object, ownersOf(object))
    return ownUpdate(old, normalized(served, kept), this.#owner(served, writing, 'Update'), typeOf(served))
  }

  /** Whoever wrote an object of which no owners are known owns all of it: `before-first-apply` of apimachinery. */
  #beforeFirstApply(served: ServedResource, old: AnyObject): AnyObject {
    if (old.metadata['managedFields'] !== undefined) return old
    const { time: _time, ...owner } = this.#owner(served, { manager: 'before-first-apply' }, 'Update')
    return ownUpdate(undefined, old, { ...owner, time: undefined }, typeOf(served))
  }

  #owner(
    { apiVersion }: ServedResource,
    { manager, subresource }: Writing,
    operation: FieldOwner['operation'],
  ): FieldOwner {
    return { manager: manager ?? 'unknown', operation, apiVersion, subresource, time: this.#now(), fields: EMPTY }
  }

  /** With the precision of `metav1.Time`. */
  #now(): string {
    return new Date(this.#parts.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  }
}

/** The object as it reads back: fields that its Go type does not have are gone, those that it always writes are there. */
function normalized(served: ServedResource, object: AnyObject): AnyObject {
  return parse(encode(served, object))
}

/** In which namespace an object is to be; undefined where the resource has none. */
function namespaceOf({ resource }: ServedResource, metadata: AnyMetadata, { namespace }: Writing): string | undefined {
  if (!resource.namespaced) return undefined
  if (metadata.namespace && namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  return metadata.namespace || (namespace ?? 'default')
}

function checkKind({ resource, apiVersion, isBuiltIn }: ServedResource, object: AnyObject): void {
  if (!isMap(object.metadata)) throw nameRequired(resource)
  const given = { apiVersion: object.apiVersion ?? apiVersion, kind: object.kind ?? resource.kind }
  if (given.kind !== resource.kind || (isBuiltIn && given.apiVersion !== apiVersion)) {
    throw wrongKind(resource, isBuiltIn, { ...given, name: object.metadata.name ?? '' })
  }
  if (given.apiVersion !== apiVersion) {
    const message = `the API version in the data (${given.apiVersion}) does not match the expected API version (${apiVersion})`
    throw failure(400, 'BadRequest', message)
  }
}

function nameIn(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>
}
