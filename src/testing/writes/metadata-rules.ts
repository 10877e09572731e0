import type { ServedResource } from '../catalog/registry.ts'
import type { AnyMetadata, AnyObject } from '../encoding/encoding.ts'
import { badRequest, conflict, failure, OBJECT_MODIFIED } from '../status.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { immutable, newFinalizers, otherUid, versionRequired } from './refusals.ts'
import type { Writing } from './objects-writer.ts'

/** A real server says this without a reason, and as its own mistake. */
export function checkNewMetadata({ resourceVersion }: AnyMetadata): void {
  if (resourceVersion) throw failure(500, '', 'resourceVersion should not be set on objects to be created')
}

/**
 * Whether an update is meant for the object that is stored.
 *
 * @throws {ApiError} 400 for another name, 409 for another uid or version, 422 where a version is required
 */
export function checkVersions(
  served: ServedResource,
  stored: StoredVersion,
  given: AnyMetadata,
  writing: Writing,
): void {
  const { resource } = served
  const { name } = stored
  if (given.name !== undefined && given.name !== '' && given.name !== name) {
    throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${name})`)
  }
  if (given.uid && given.uid !== stored.uid) {
    if (writing.isPatch) throw immutable(resource, name, 'metadata.uid', given.uid)
    throw otherUid(resource, stored.key, given.uid, stored.uid)
  }
  const version = given.resourceVersion ?? ''
  if (!/^\d*$/.test(version))
    throw failure(500, '', `strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`)
  if (version !== '' && version !== '0') {
    if (version !== String(stored.revision)) throw conflict(resource, name, OBJECT_MODIFIED)
  } else if (!writing.keepsIdentity && !writing.isPatch && !served.facts.isUpdatedUnconditionally) {
    throw versionRequired(resource, name)
  }
}

/** What only the server writes is taken from the stored object. */
const FROM_STORED = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'selfLink',
] as const

/** What the server writes too, but a request may not name otherwise. */
const UNCHANGEABLE = ['deletionTimestamp', 'deletionGracePeriodSeconds'] as const

/**
 * The metadata of an update: what clients write from the request, the rest from the stored object.
 *
 * @throws {ApiError} 422 for another deletionTimestamp, or a finalizer that comes too late
 */
export function updatedMetadata(
  { resource }: ServedResource,
  stored: AnyObject,
  given: AnyMetadata,
  keepsIdentity: boolean,
): AnyMetadata {
  const old = stored.metadata
  const metadata: AnyMetadata = { ...given }
  for (const field of FROM_STORED) setOrDelete(metadata, field, old[field])
  if (keepsIdentity) return metadata
  for (const field of UNCHANGEABLE) {
    if (given[field] !== undefined && given[field] !== null && given[field] !== old[field]) {
      throw immutable(resource, old.name ?? '', `metadata.${field}`, given[field])
    }
    setOrDelete(metadata, field, old[field])
  }
  if (given['managedFields'] === undefined) setOrDelete(metadata, 'managedFields', old['managedFields'])
  const added = finalizersOf(metadata).filter((finalizer) => !finalizersOf(old).includes(finalizer))
  if (old.deletionTimestamp !== undefined && added.length > 0) throw newFinalizers(resource, old.name ?? '', added)
  return metadata
}

export function finalizersOf({ finalizers }: AnyMetadata): readonly string[] {
  return Array.isArray(finalizers) ? (finalizers as string[]) : []
}

function setOrDelete(metadata: AnyMetadata, field: string, value: unknown): void {
  if (value === undefined) delete metadata[field]
  else metadata[field] = value
}
