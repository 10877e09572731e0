import { DEFINITIONS, type CustomDefinition, established, isDefinition } from '../catalog/custom-definitions.ts'
import type { ServedResource } from '../catalog/registry.ts'
import type { AnyObject } from '../encoding/encoding.ts'
import { isEqual, isMap, valueOf } from './json-value.ts'
import { invalidName } from './object-names.ts'
import { qualityOf } from './pod-quality.ts'
import { requiredValue } from './refusals.ts'

/** Whether the resource has a status of its own, which only the status subresource writes. */
export function hasStatus({ facts }: ServedResource): boolean {
  return facts.subresources.some(({ name }) => name === 'status')
}

/**
 * What a new object has that it was not given: the few things without which clients cannot work with
 * it. There is no defaulting beyond them.
 *
 * @param keepsStatus In process a test may begin with whatever status it likes.
 */
export function prepareNew(served: ServedResource, object: AnyObject, now: string, keepsStatus: boolean): AnyObject {
  const { status, ...rest } = object
  const kept: AnyObject = status === undefined || (hasStatus(served) && !keepsStatus) ? rest : { ...rest, status }
  const { selfLink: _selfLink, ...metadata } = kept.metadata
  const prepared = { ...kept, metadata: served.facts.hasGeneration ? { ...metadata, generation: 1 } : metadata }
  const { group, plural } = served.resource
  if (group === '' && plural === 'namespaces') return activeNamespace(prepared)
  if (isPod(served)) {
    return { ...prepared, status: kept['status'] ?? { phase: 'Pending', qosClass: qualityOf(kept['spec']) } }
  }
  return isDefinition(served) ? establishedDefinition(served, prepared, now) : prepared
}

function activeNamespace(namespace: AnyObject): AnyObject {
  const { metadata, spec, status } = namespace
  const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name ?? '' }
  return {
    ...namespace,
    metadata: { ...metadata, labels },
    spec: { finalizers: ['kubernetes'], ...(isMap(spec) ? spec : {}) },
    status: isMap(status) ? status : { phase: 'Active' },
  }
}

function establishedDefinition({ resource }: ServedResource, object: AnyObject, now: string): AnyObject {
  const definition = object as CustomDefinition
  const { group, names, versions } = isMap(definition.spec) ? definition.spec : {}
  const { name = '' } = definition.metadata
  if (typeof names?.kind !== 'string') throw requiredValue(resource, name, 'spec.names.kind')
  if (!Array.isArray(versions) || !versions.every(isMap)) throw requiredValue(resource, name, 'spec.versions')
  if (name !== `${names.plural}.${group}`) {
    throw invalidName(resource, name, 'must be spec.names.plural+"."+spec.group')
  }
  return established(definition, now)
}

/**
 * The object as an update through a path leaves it: through `status` the rest stays as it was, and
 * through the object itself the status does; `generation` counts what was changed beside metadata and
 * status.
 */
export function prepareUpdate(
  served: ServedResource,
  stored: AnyObject,
  object: AnyObject,
  { subresource, now }: { readonly subresource: string | undefined; readonly now: string },
): AnyObject {
  if (subresource === 'status') {
    const given = isPod(served) ? withQualityOf(stored, object) : object
    return withStatusOf(given, stored, metadataThroughStatus(served, stored, object))
  }
  // One write of both parts, and a scheduler's choice is none of the user's changes.
  if (subresource === 'binding') return object
  const updated = hasStatus(served) ? withStatusOf(stored, object, object.metadata) : object
  const established_ = isDefinition(served) ? establishedDefinition(served, updated, now) : updated
  return withGeneration(served, stored, established_)
}

function isPod({ resource }: ServedResource): boolean {
  return resource.group === '' && resource.plural === 'pods'
}

/** A status that does not name the class of its pod leaves it as it is. */
function withQualityOf({ status: old }: AnyObject, object: AnyObject): AnyObject {
  const qosClass = valueOf(old, 'qosClass')
  const { status } = object
  if (qosClass === undefined || valueOf(status, 'qosClass')) return object
  return { ...object, status: { ...(isMap(status) ? status : {}), qosClass } }
}

/** The status of one object on the rest of another. */
function withStatusOf({ status }: AnyObject, object: AnyObject, metadata: AnyObject['metadata']): AnyObject {
  const { status: _old, ...rest } = object
  return { ...rest, metadata, ...(status === undefined ? {} : { status }) }
}

/** Groups whose strategies leave all metadata alone in a write of the status: `ResetObjectMetaForStatus`. */
const METADATA_STAYS = new Set([DEFINITIONS.group, 'flowcontrol.apiserver.k8s.io', 'apiregistration.k8s.io'])

function metadataThroughStatus(
  { isBuiltIn, resource }: ServedResource,
  stored: AnyObject,
  object: AnyObject,
): AnyObject['metadata'] {
  const { managedFields } = object.metadata
  if (!isBuiltIn || METADATA_STAYS.has(resource.group)) {
    const { managedFields: _old, ...kept } = stored.metadata
    return managedFields === undefined ? kept : { ...kept, managedFields }
  }
  if (resource.plural !== 'deployments') return object.metadata
  const { labels: _given, ...rest } = object.metadata
  return stored.metadata.labels === undefined ? rest : { ...rest, labels: stored.metadata.labels }
}

/** Beside metadata, and beside the status where that is a subresource: what a change of counts as a new generation. */
export function withGeneration(served: ServedResource, stored: AnyObject, object: AnyObject): AnyObject {
  const { generation, ...metadata } = object.metadata
  const old = stored.metadata['generation']
  if (!served.facts.hasGeneration)
    return old === undefined ? { ...object, metadata } : { ...object, metadata: { ...metadata, generation: old } }
  const isChanged = !isEqual(desired(served, stored), desired(served, object))
  const counted = isChanged ? (typeof old === 'number' ? old : 0) + 1 : old
  return { ...object, metadata: counted === undefined ? metadata : { ...metadata, generation: counted } }
}

function desired(
  served: ServedResource,
  { metadata: _metadata, apiVersion: _apiVersion, kind: _kind, status, ...rest }: AnyObject,
): object {
  return hasStatus(served) ? rest : { ...rest, status }
}
