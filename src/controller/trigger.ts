import { KubeflumeError } from '../api/errors.ts'
import type { ObjectKey } from '../api/key.ts'
import type { DeepReadonly, KubernetesObject, OwnerReference } from '../api/object.ts'
import { isMetadataOnly, type Resource } from '../api/resource.ts'
import type { Informer } from '../informer/informer.ts'

/** Objects of another informer whose changes run keys of a controller. Made by {@link owns} and {@link watches}. */
export interface Trigger {
  readonly informer: Informer<KubernetesObject>
}

/** What a trigger can do for the controller that has it. */
export interface KeyedTrigger extends Trigger {
  readonly isByOwner: boolean
  /** The keys that an object stands for, of objects of the controller's resource. */
  keysOf(object: DeepReadonly<KubernetesObject>, resource: Resource): Iterable<ObjectKey>
}

/**
 * A change of an object runs the one that controls it: the owner reference with `controller: true`, of the group and
 * kind of the controller's resource, whatever its version. A namespaced owner is in the object's own
 * namespace, as Kubernetes has it. When a change gives the object to another owner, both run.
 */
export function owns<T extends KubernetesObject>(informer: Informer<T>): Trigger {
  const trigger: KeyedTrigger = {
    informer,
    isByOwner: true,
    keysOf: ({ metadata }, resource) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
      if (owner === undefined || !isOf(owner, resource)) return []
      if (!resource.namespaced) return [owner.name]
      return metadata.namespace === undefined ? [] : [{ namespace: metadata.namespace, name: owner.name }]
    },
  }
  return trigger
}

/**
 * A change of an object runs the keys that `map` names: those of the object as it was and as it is now. What `map` throws,
 * and keys that are none, are reported (`ERR_HANDLER`, `ERR_KEY`). It reads stores as they are at the
 * moment of the change.
 */
export function watches<T extends KubernetesObject>(
  informer: Informer<T>,
  map: (object: DeepReadonly<T>) => Iterable<ObjectKey>,
): Trigger {
  const trigger: KeyedTrigger = {
    informer,
    isByOwner: false,
    keysOf: (object) => map(object as DeepReadonly<T>),
  }
  return trigger
}

/** @throws {KubeflumeError} `ERR_OPTION` for what is none, or is for owners whose kind is not known */
export function checkTrigger(trigger: Trigger, resource: Resource): KeyedTrigger {
  if (!('keysOf' in trigger)) throw new KubeflumeError('ERR_OPTION', 'a trigger is made by owns or by watches')
  const keyed = trigger as KeyedTrigger
  if (keyed.isByOwner && isMetadataOnly(resource))
    throw new KubeflumeError('ERR_OPTION', 'owns: the kind of metadata-only objects is not known: use watches')
  return keyed
}

function isOf({ apiVersion, kind }: DeepReadonly<OwnerReference>, resource: Resource): boolean {
  return kind === resource.kind && groupOf(apiVersion) === resource.group
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash === -1 ? '' : apiVersion.slice(0, slash)
}
