import { KubeflumeError, reasonOf } from '../api/errors.ts'
import { keyOf } from '../api/key.ts'
import type { DeepReadonly, KubernetesObject, ObjectMeta } from '../api/object.ts'
import type { Gone, Informer } from '../informer/informer.ts'
import type { ReconcileContext } from './controller.ts'

/** The part of a `Writer` that puts finalizers on and takes them off. */
export interface FinalizerWriter<T> {
  /** As that of a `Writer`. */
  patch(current: DeepReadonly<T>, edit: (draft: T) => void): Promise<T>
}

/**
 * Keeps objects from being gone before `cleanup` has run for them: an object is reconciled only when it has the finalizer;
 * once it is being deleted, `cleanup` runs instead of `reconcile`, and the finalizer is taken off
 * when that has returned.
 *
 * `cleanup` may run more than once for an object, and must be content with what is gone already. What it throws is
 * treated as `reconcile`'s is. The informer must keep `metadata.finalizers` and `metadata.deletionTimestamp`, and go on
 * seeing an object that has the finalizer: no selector that it can leave, and a `filter` only if it keeps those too.
 */
export interface FinalizerOptions<T extends KubernetesObject, I extends string = never> {
  /** `'example.org/name'`: a domain and a name, as Kubernetes asks for. */
  name: string
  /** Of the resource that the controller is for. */
  writer: FinalizerWriter<T>
  /** Removes what belongs to the object outside of the cluster, or without an owner reference. */
  cleanup(object: DeepReadonly<T>, context: ReconcileContext<T, I>): Promise<void>
}

/**
 * What the finalizer has to do for an object before it is reconciled.
 *
 * @returns `'reconcile'` where it has nothing to do; `'again'` when the object has just been given the finalizer,
 *   and is to be reconciled as it is then; `'ended'` for what is being deleted
 */
export async function finalize<T extends KubernetesObject, I extends string>(
  finalizer: FinalizerOptions<T, I>,
  object: DeepReadonly<T>,
  informer: Informer<T, I>,
  context: ReconcileContext<T, I>,
): Promise<'reconcile' | 'again' | 'ended'> {
  const { name, writer } = finalizer
  const { finalizers, deletionTimestamp } = metadataOf(object)
  const isOn = finalizers?.includes(name) ?? false
  if (deletionTimestamp === undefined) {
    if (isOn) return 'reconcile'
    const written = await writer.patch(object, ({ metadata }) => void (metadata.finalizers ??= []).push(name))
    context.wrote(informer, written)
    return 'again'
  }
  if (isOn) {
    await finalizer.cleanup(object, context)
    const written = await takeOff(finalizer, object)
    if (written !== undefined) context.wrote(informer, isGone(written) ? goneOf(written) : written)
  }
  return 'ended'
}

/** Returns undefined for an object that is gone already: somebody else has taken it off. */
async function takeOff<T extends KubernetesObject, I extends string>(
  { name, writer }: FinalizerOptions<T, I>,
  object: DeepReadonly<T>,
): Promise<KubernetesObject | undefined> {
  try {
    return await writer.patch(object, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((other) => other !== name)
    })
  } catch (error) {
    if (reasonOf(error) === 'NotFound') return undefined
    throw error
  }
}

/** The last finalizer takes the object with it, unless that has a grace period still. */
function isGone({ metadata }: KubernetesObject): boolean {
  return (metadata.finalizers ?? []).length === 0 && (metadata.deletionGracePeriodSeconds ?? 0) === 0
}

function goneOf(object: KubernetesObject): Gone {
  return { deleted: keyOf(object), uid: object.metadata.uid }
}

function metadataOf(object: DeepReadonly<KubernetesObject>): DeepReadonly<ObjectMeta> {
  return object.metadata
}

/** @throws {KubeflumeError} `ERR_OPTION` for a name without a domain, which the server would refuse or warn of */
export function checkFinalizer(name: string): void {
  if (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name)) return
  throw new KubeflumeError('ERR_OPTION', `the finalizer is ${JSON.stringify(name)}: expected a domain and a name`)
}
