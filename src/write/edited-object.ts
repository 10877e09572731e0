import { KubeflumeError } from '../api/errors.ts'
import type { DeepReadonly, KubernetesObject } from '../api/object.ts'
import { noteOmitted, omittedOf } from '../api/omitted.ts'
import { isJsonObject, type JsonObject, mergePatch, valueAt } from './merge-patch.ts'
import { refuseOmittedArray } from './omitted-array.ts'
import { wireText } from './wire-text.ts'

export interface EditedObject<T> {
  /** A copy as the edit left it. */
  readonly object: T
  /** The merge patch to send; undefined where nothing was changed. */
  readonly patch: JsonObject | undefined
}

const TYPE: readonly string[] = ['apiVersion', 'kind']
/** What says which object it is, and what `lock` alone decides on. */
const IDENTITY: readonly string[] = ['name', 'namespace', 'uid', 'resourceVersion']

/**
 * Lets `edit` change a copy of `current` and compares the two as they are on the wire.
 *
 * @throws {KubeflumeError} `ERR_OPTION`
 */
export function editObject<T extends KubernetesObject>(
  current: DeepReadonly<T>,
  edit: (draft: T) => void,
  lock: boolean | undefined,
): EditedObject<T> {
  const text = wireText(current)
  const before = JSON.parse(text) as JsonObject
  const draft = JSON.parse(text) as T
  refusePromise(edit(draft))
  const after = JSON.parse(wireText(draft)) as JsonObject
  refuseOtherIdentity(before, after)
  const omitted = omittedOf(current)
  if (omitted !== undefined) refuseOmittedArray(before, after, omitted)
  const object = after as unknown as T
  noteOmitted(object, omitted)
  const difference = mergePatch(before, after)
  if (difference === undefined) return { object, patch: undefined }
  const metadata = {
    ...asObject(difference.patch['metadata']),
    ...preconditions(asObject(before['metadata']), lock ?? difference.touchesArray),
  }
  return { object, patch: { ...difference.patch, metadata } }
}

function preconditions(metadata: JsonObject, isLocked: boolean): JsonObject {
  const { uid, resourceVersion } = metadata
  if (!isLocked) return { uid }
  if (resourceVersion) return { uid, resourceVersion }
  throw new KubeflumeError('ERR_OPTION', 'patch cannot lock an object that has no metadata.resourceVersion')
}

function refuseOtherIdentity(before: JsonObject, after: JsonObject): void {
  const changed = [
    ...TYPE.filter((key) => valueAt(before, key) !== valueAt(after, key)),
    ...IDENTITY.filter(
      (key) => valueAt(asObject(before['metadata']), key) !== valueAt(asObject(after['metadata']), key),
    ).map((key) => `metadata.${key}`),
  ]
  if (changed.length > 0) throw new KubeflumeError('ERR_OPTION', `patch: the edit may not change ${changed.join(', ')}`)
}

/** The type allows an async function where nothing is to be returned; its changes would come too late. */
function refusePromise(returned: unknown): void {
  if (!(returned instanceof Promise)) return
  returned.catch(() => {}) // what it comes to has no meaning
  throw new KubeflumeError('ERR_OPTION', 'patch: the edit may not be asynchronous')
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}
