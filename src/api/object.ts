import { noteOmitted, omittedOf } from './omitted.ts'

/**
 * What `metadata` has of every object, with its JSON names. A store's objects always have the first
 * five, whatever road they came by; a cluster-scoped object has no `namespace`. Dates are RFC 3339
 * strings, as on the wire.
 */
export interface ObjectMeta {
  name: string
  namespace?: string
  uid: string
  resourceVersion: string
  creationTimestamp: string
  generateName?: string
  generation?: number
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: { [label: string]: string }
  annotations?: { [annotation: string]: string }
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
  managedFields?: ManagedFieldsEntry[]
  selfLink?: string
}

/** Whose object it is: the garbage collector deletes what has lost all of its owners. */
export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** Which fields a manager has set, as server-side apply keeps it. */
export interface ManagedFieldsEntry {
  manager?: string
  operation?: string
  apiVersion?: string
  time?: string
  fieldsType?: string
  /** An object of its own kind. Not `unknown`: a mutable object must pass where a read-only one is asked for. */
  fieldsV1?: object
  subresource?: string
}

/** What every object has. */
export interface KubernetesObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

/** Read-only to the last leaf. Homomorphic on purpose: a conditional type here would break variance. */
export type DeepReadonly<T> = { readonly [K in keyof T]: DeepReadonly<T[K]> }

/** Any part of it, read-only: a list of parts for an array. */
export type Partially<T> = T extends readonly (infer U)[]
  ? readonly Partially<U>[]
  : T extends object
    ? { readonly [K in keyof T]?: Partially<T[K]> | undefined }
    : T

/** What a caller writes to create an object: no `status`, and of `metadata` only what he chooses. */
export type New<T extends KubernetesObject> = DeepReadonly<Omit<T, 'apiVersion' | 'kind' | 'metadata' | 'status'>> & {
  readonly metadata: Partially<ObjectMeta>
}

/** A deep copy that is the caller's own. What a store hands out is shared and must not be written to. */
export function mutable<T>(object: DeepReadonly<T>): T {
  const copy = structuredClone(object) as T
  if (typeof object === 'object' && object !== null) noteOmitted(copy as object, omittedOf(object))
  return copy
}

/** Freezes an object to its last leaf, in place, however deep it is. */
export function deepFreeze<T>(value: T): T {
  const waiting: unknown[] = [value]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue
    Object.freeze(next)
    for (const child of Object.values(next)) if (typeof child === 'object') waiting.push(child)
  }
  return value
}
