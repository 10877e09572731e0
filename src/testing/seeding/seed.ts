import { KubeflumeError } from '../../api/errors.ts'
import type { Resource } from '../../api/resource.ts'
import { definitionOf, DEFINITIONS } from '../catalog/custom-definitions.ts'
import { definitionsFirst } from '../catalog/custom-resources.ts'
import type { Registry, ServedResource } from '../catalog/registry.ts'
import type { AnyObject } from '../encoding/encoding.ts'
import type { Storage } from '../storage/storage.ts'
import { SYSTEM_NAMESPACES } from '../writes/namespaces.ts'
import type { ObjectsWriter } from '../writes/objects-writer.ts'

export interface SeedParts {
  readonly registry: Registry
  readonly storage: Storage
  readonly writer: ObjectsWriter
}

export interface Seeds {
  readonly crds: readonly Resource[]
  readonly objects: readonly object[]
  /** Where the counter of revisions stands in the end, if that is higher than the objects need. */
  readonly resourceVersion?: number | undefined
}

/** What is there before anything was written, with the revision that a new storage has. */
const FROM_THE_START = '1'

/**
 * Puts in place what a server has from the start: the definitions of custom resources, the namespaces
 * that every cluster has, and the caller's objects, which may say otherwise of both.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for an object of a kind that is not served
 */
export function seed(parts: SeedParts, { crds, objects, resourceVersion }: Seeds): void {
  const given = definitionsFirst((objects as readonly AnyObject[]).toSorted((a, b) => revisionOf(a) - revisionOf(b)))
  parts.storage.seed(() => {
    for (const resource of crds) seedDefinition(resource, given, parts)
    for (const name of SYSTEM_NAMESPACES) seedNamespace(name, given, parts)
    for (const object of given) seedObject(object, parts)
  }, resourceVersion)
}

/** Adds one object as the test gave it. */
export function seedObject(object: AnyObject, { registry, writer }: Pick<SeedParts, 'registry' | 'writer'>): void {
  writer.create(servedKindOf(object, registry), object)
}

/** @throws {KubeflumeError} `ERR_OPTION` */
export function servedKindOf(object: AnyObject, registry: Registry): ServedResource {
  const { apiVersion = '', kind = '' } = object
  const served = registry.ofKind(apiVersion, kind)
  if (served !== undefined) return served
  const what = JSON.stringify({ apiVersion, kind, name: object.metadata?.name })
  throw new KubeflumeError('ERR_OPTION', `the server does not serve the kind of the object ${what}`)
}

function seedDefinition(resource: Resource, given: readonly AnyObject[], { registry, writer }: SeedParts): void {
  const definition = definitionOf(resource)
  if (isGiven(definition, given)) return
  const served = registry.find(DEFINITIONS.group, DEFINITIONS.version, DEFINITIONS.plural)!
  writer.create(served, withRevision(definition))
}

function seedNamespace(name: string, given: readonly AnyObject[], { registry, writer }: SeedParts): void {
  const namespace: AnyObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
  if (!isGiven(namespace, given)) writer.create(registry.find('', 'v1', 'namespaces')!, withRevision(namespace))
}

function isGiven({ kind, metadata }: AnyObject, given: readonly AnyObject[]): boolean {
  return given.some((object) => object.kind === kind && object.metadata?.name === metadata.name)
}

function withRevision(object: AnyObject): AnyObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: FROM_THE_START } }
}

/** Those that bring no revision come after all that do. */
function revisionOf({ metadata }: AnyObject): number {
  const revision = metadata?.resourceVersion ?? ''
  return /^[1-9]\d*$/.test(revision) ? Number(revision) : Number.MAX_SAFE_INTEGER
}
