import { joinKey } from '../../api/key.ts'
import type { Clock } from '../../internal/clock.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { type AnyMetadata, type AnyObject, encode, parse } from '../encoding/encoding.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { alreadyExists, badRequest, conflict, invalid, notFound, OBJECT_MODIFIED } from '../status.ts'
import type { Storage } from '../storage/storage.ts'

/** Letters and digits that make no words, as apiserver `pkg/storage/names` has them. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

export interface Preconditions {
  readonly uid?: string | undefined
  readonly resourceVersion?: string | undefined
}

/**
 * The rules by which objects change, the same over HTTP and in process: identity, versions, conflicts.
 *
 * There is no admission, defaulting or validation beyond these: namespaces need not exist, `generation`
 * does not count, finalizers do not hold a deletion back.
 */
export class ObjectsWriter {
  readonly #storage: Storage
  readonly #clock: Clock

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage
    this.#clock = clock
  }

  /**
   * Adds an object. In process it keeps a uid and a creation time that it already has; over HTTP the
   * server gives them out.
   *
   * @throws {ApiError} 409 AlreadyExists, 422 without a name, 400 for another namespace than the path's
   */
  create(
    served: ServedResource,
    object: AnyObject,
    { namespace, keepsIdentity }: { namespace: string | undefined; keepsIdentity: boolean },
  ): StoredVersion {
    checkType(served, object)
    const { generateName } = object.metadata
    const name = object.metadata.name || (generateName ? generateName + randomSuffix() : undefined)
    if (!name) throw nameRequired(served)
    const metadata: AnyMetadata = {
      ...object.metadata,
      name,
      uid: (keepsIdentity ? object.metadata.uid : undefined) ?? crypto.randomUUID(),
      creationTimestamp: (keepsIdentity ? object.metadata.creationTimestamp : undefined) ?? this.#timestamp(),
    }
    setNamespace(served, metadata, namespace)
    const key = joinKey(metadata.namespace, name)
    if (this.#storage.collection(served).get(key) !== undefined) throw alreadyExists(served.resource, name)
    return this.#storage.put(served, { ...object, metadata })
  }

  /**
   * Replaces an object. An update that changes nothing writes nothing: the version stays.
   *
   * @throws {ApiError} 404, 409 Conflict for another resourceVersion or uid than the stored one
   */
  update(served: ServedResource, key: string, object: AnyObject): StoredVersion {
    checkType(served, object)
    const stored = this.get(served, key)
    checkPreconditions(served, stored, object.metadata)
    const { name, namespace, uid, revision } = stored
    if (object.metadata.name !== undefined && object.metadata.name !== name) {
      throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`)
    }
    const { creationTimestamp } = parse(stored.bytes).metadata
    const metadata: AnyMetadata = { ...object.metadata, name, uid, resourceVersion: String(revision) }
    if (creationTimestamp !== undefined) metadata.creationTimestamp = creationTimestamp
    setNamespace(served, metadata, namespace)
    const replacement = { ...object, metadata }
    return encode(served, replacement).equals(stored.bytes) ? stored : this.#storage.put(served, replacement)
  }

  /** @throws {ApiError} 404, 409 where a precondition does not hold */
  remove(served: ServedResource, key: string, preconditions: Preconditions = {}): StoredVersion {
    const stored = this.get(served, key)
    checkPreconditions(served, stored, preconditions)
    return this.#storage.remove(served, stored)
  }

  /** @throws {ApiError} 404 */
  get(served: ServedResource, key: string): StoredVersion {
    const stored = this.#storage.collection(served).get(key)
    if (stored === undefined) throw notFound(served.resource, key.slice(key.lastIndexOf('/') + 1))
    return stored
  }

  /** With the precision of `metav1.Time`. */
  #timestamp(): string {
    return new Date(this.#clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  }
}

function checkType({ resource, apiVersion }: ServedResource, object: AnyObject): void {
  const given = `${object.apiVersion ?? apiVersion}, Kind=${object.kind ?? resource.kind}`
  const expected = `${apiVersion}, Kind=${resource.kind}`
  if (given !== expected) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): ${given}, not ${expected}`,
    )
  }
  if (typeof object.metadata !== 'object' || object.metadata === null) throw nameRequired({ resource })
}

function checkPreconditions(served: ServedResource, stored: StoredVersion, expected: Preconditions): void {
  const { uid, resourceVersion } = expected
  if (uid !== undefined && uid !== '' && uid !== stored.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${stored.uid}`
    throw conflict(served.resource, stored.name, why)
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== String(stored.revision)) {
    throw conflict(served.resource, stored.name, OBJECT_MODIFIED)
  }
}

function setNamespace({ resource }: ServedResource, metadata: AnyMetadata, namespace: string | undefined): void {
  if (!resource.namespaced) {
    delete metadata.namespace
    return
  }
  if (metadata.namespace && namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  metadata.namespace = metadata.namespace || (namespace ?? 'default')
}

function nameRequired({ resource }: Pick<ServedResource, 'resource'>): Error {
  const message = 'Required value: name or generateName is required'
  return invalid(resource, '', [{ field: 'metadata.name', type: 'FieldValueRequired', message }])
}

function randomSuffix(): string {
  const random = crypto.getRandomValues(new Uint8Array(5))
  return Array.from(random, (byte) => SUFFIX_ALPHABET[byte % SUFFIX_ALPHABET.length]).join('')
}
