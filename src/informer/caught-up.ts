import { KubeflumeError } from '../api/errors.ts'
import { joinKey, namespaceOf, normalizeKey } from '../api/key.ts'
import type { KubernetesObject } from '../api/object.ts'
import { compareResourceVersions } from '../api/resource-version.ts'
import type { Resource } from '../api/resource.ts'
import type { Follower } from './follower.ts'
import type { Gone, Versioned } from './informer.ts'
import type { Run } from './run.ts'

/**
 * Says, each time it is called, whether a run has seen what a caller asks for. It throws where that will
 * never be: another storage, a version that cannot be ordered, a namespace that is not followed.
 *
 * @throws {KubeflumeError} `ERR_KEY`, `ERR_OPTION`, `ERR_RESOURCE_VERSION` for what cannot be waited for
 */
export function caughtUpTest<T extends KubernetesObject>(
  to: string | Versioned | Gone,
  resource: Resource<T>,
  run: Run<T>,
): () => boolean {
  if (typeof to === 'string') return versionTest(run, to, {})
  if (isGone(to)) return goneTest(run, normalizeKey(to.deleted, resource), to.uid)
  const { name, namespace, resourceVersion } = (to?.metadata ?? {}) as Partial<KubernetesObject['metadata']>
  return versionTest(run, resourceVersion, { name, namespace })
}

function isGone(to: Versioned | Gone): to is Gone {
  return typeof to === 'object' && to !== null && 'deleted' in to
}

/** The uid is what counts: another object may have the name by now. */
function goneTest<T extends KubernetesObject>(run: Run<T>, key: string, uid: string): () => boolean {
  if (typeof uid !== 'string' || uid === '')
    throw new KubeflumeError('ERR_OPTION', 'caughtUp: the uid of what is deleted is missing')
  const namespace = namespaceOf(key)
  return () =>
    followersOf(run, namespace).every(({ progress }) => progress.isSynced) && run.store.find(key)?.uid !== uid
}

function versionTest<T extends KubernetesObject>(
  run: Run<T>,
  version: string | undefined,
  { name, namespace }: { readonly name?: string | undefined; readonly namespace?: string | undefined },
): () => boolean {
  if (typeof version !== 'string' || version === '') throw versionError('there is no resourceVersion to wait for')
  const { epoch } = run
  const key = name === undefined ? undefined : joinKey(namespace, name)
  return () => {
    if (run.epoch !== epoch) throw restored(version)
    const followers = followersOf(run, namespace)
    if (isOrdered(version)) return followers.every((follower) => hasReached(follower, version))
    if (key !== undefined && run.store.find(key)?.resourceVersion === version) return true
    if (followers.every(({ progress }) => progress.isSynced && progress.resourceVersion === version)) return true
    throw notOrdered(version)
  }
}

/** Those whose objects it is about: the one of its namespace, or all. */
function followersOf<T extends KubernetesObject>(run: Run<T>, namespace: string | undefined): readonly Follower<T>[] {
  if (namespace === undefined) return run.followers
  const followers = run.followers.filter((follower) => follower.covers(namespace))
  if (followers.length === 0)
    throw new KubeflumeError('ERR_OPTION', `caughtUp: the namespace ${namespace} is not followed`)
  return followers
}

function hasReached<T extends KubernetesObject>({ progress }: Follower<T>, version: string): boolean {
  const { isSynced, resourceVersion } = progress
  if (!isSynced || resourceVersion === undefined) return false
  const order = compareResourceVersions(resourceVersion, version)
  if (order === undefined) throw notOrdered(resourceVersion)
  return order >= 0
}

function isOrdered(version: string): boolean {
  return compareResourceVersions(version, version) !== undefined
}

function notOrdered(version: string): KubeflumeError {
  return versionError(`the resourceVersion ${JSON.stringify(version)} can only be compared for equality`)
}

function versionError(message: string): KubeflumeError {
  return new KubeflumeError('ERR_RESOURCE_VERSION', `caughtUp: ${message}`)
}

function restored(version: string): KubeflumeError {
  const message = `caughtUp: the server's storage was restored: what ${version} was is not known any more`
  return new KubeflumeError('ERR_STORAGE_RESTORED', message)
}
