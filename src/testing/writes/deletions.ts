import type { ServedResource } from '../catalog/registry.ts'
import { type AnyObject, parse } from '../encoding/encoding.ts'
import { conflict } from '../status.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { type Storage, versionOf } from '../storage/storage.ts'
import { finalizersOf } from './metadata-rules.ts'
import type { Namespaces } from './namespaces.ts'
import { namespaceNotDeletable } from './refusals.ts'

export interface DeleteOptions {
  readonly uid?: string | undefined
  readonly resourceVersion?: string | undefined
  readonly propagationPolicy?: PropagationPolicy | undefined
  readonly isDryRun?: boolean | undefined
}

export type PropagationPolicy = 'Orphan' | 'Foreground' | 'Background'

/** Metav1's `FinalizerOrphanDependents` and `FinalizerDeleteDependents`: the garbage collector of a real cluster takes them away. */
const ORPHAN = 'orphan'
const FOREGROUND = 'foregroundDeletion'

/** How objects go: at once, or marked and held by their finalizers. Grace periods are over at once. */
export class Deletions {
  readonly #storage: Storage
  readonly #namespaces: Namespaces

  constructor(storage: Storage, namespaces: Namespaces) {
    this.#storage = storage
    this.#namespaces = namespaces
  }

  /**
   * @returns the version of the removal, or the object as it is held back, or would be
   * @throws {ApiError} 409 where a precondition does not hold, 403 for a namespace that must stay
   */
  remove(served: ServedResource, stored: StoredVersion, options: DeleteOptions, now: string): StoredVersion {
    checkPreconditions(served, stored, options)
    const isNamespace = this.#namespaces.isNamespace(served)
    if (isNamespace && this.#namespaces.isStaying(stored.name)) throw namespaceNotDeletable(stored.name)
    const old = parse(stored.bytes)
    const finalizers = finalizersAfter(finalizersOf(old.metadata), options.propagationPolicy)
    if (finalizers.length === 0 && !isNamespace) return options.isDryRun ? stored : this.finish(served, stored)
    const marked = this.#marked(served, stored, isNamespace ? terminating(old) : old, { finalizers, now, options })
    if (isNamespace && !options.isDryRun) this.#empty(stored.name, now)
    return marked
  }

  /** Whether nothing holds an object that is being deleted any longer. */
  isDone(served: ServedResource, { metadata, spec }: AnyObject): boolean {
    if (metadata.deletionTimestamp === undefined || finalizersOf(metadata).length > 0) return false
    if (this.#namespaces.isNamespace(served)) return finalizersOf((spec ?? {}) as AnyObject['metadata']).length === 0
    return ((metadata['deletionGracePeriodSeconds'] as number | undefined) ?? 0) === 0
  }

  /** Takes an object away, and the namespace with it that waited for nothing else. */
  finish(served: ServedResource, stored: StoredVersion): StoredVersion {
    const removed = this.#storage.remove(served, stored)
    if (stored.namespace !== undefined) this.#settle(stored.namespace)
    return removed
  }

  #marked(
    served: ServedResource,
    stored: StoredVersion,
    old: AnyObject,
    { finalizers, now, options }: { finalizers: readonly string[]; now: string; options: DeleteOptions },
  ): StoredVersion {
    const { finalizers: _old, generation, ...metadata } = old.metadata
    const isFirst = metadata.deletionTimestamp === undefined
    const marked: AnyObject = {
      ...old,
      metadata: {
        ...metadata,
        ...(generation === undefined ? {} : { generation: isFirst ? Number(generation) + 1 : generation }),
        deletionTimestamp: metadata.deletionTimestamp ?? now,
        ...(this.#namespaces.isNamespace(served) ? {} : { deletionGracePeriodSeconds: 0 }),
        ...(finalizers.length === 0 ? {} : { finalizers }),
      },
    }
    const version = versionOf(served, marked, { revision: stored.revision, isDeleted: false })
    if (version.bytes.equals(stored.bytes)) return stored
    return options.isDryRun ? version : this.#storage.put(served, marked)
  }

  #empty(namespace: string, now: string): void {
    for (const { served, version } of this.#namespaces.contents(namespace)) this.remove(served, version, {}, now)
    this.#settle(namespace)
  }

  /** Removes a namespace that is being deleted once nothing is left in it. */
  #settle(name: string): void {
    const namespace = this.#namespaces.terminating(name)
    if (namespace === undefined || this.#namespaces.contents(name).length > 0) return
    if (finalizersOf(parse(namespace.bytes).metadata).length > 0) return
    this.#storage.remove(this.#namespaces.served, namespace)
  }
}

function finalizersAfter(finalizers: readonly string[], policy: PropagationPolicy | undefined): readonly string[] {
  if (policy === undefined) return finalizers
  const others = finalizers.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND)
  if (policy === 'Background') return others
  return [...others, policy === 'Orphan' ? ORPHAN : FOREGROUND]
}

function terminating(namespace: AnyObject): AnyObject {
  return { ...namespace, status: { ...(namespace['status'] as object | undefined), phase: 'Terminating' } }
}

function checkPreconditions(
  { resource }: ServedResource,
  stored: StoredVersion,
  { uid, resourceVersion }: DeleteOptions,
): void {
  const subject = { group: resource.group, plural: resource.kind }
  if (uid !== undefined && uid !== stored.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${stored.uid})`
    throw conflict(subject, stored.name, `${why}. The object might have been deleted and then recreated`)
  }
  if (resourceVersion !== undefined && resourceVersion !== String(stored.revision)) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${stored.revision})`
    throw conflict(subject, stored.name, `${why}. The object might have been modified`)
  }
}
