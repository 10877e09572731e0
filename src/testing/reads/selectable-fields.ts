import type { AnyObject } from '../encoding/encoding.ts'
import type { ServedResource } from '../catalog/registry.ts'

/**
 * The fields that a field selector may name beside `metadata.name` and `metadata.namespace`: those of
 * kubernetes `pkg/apis/<group>/v1/conversion.go`.
 */
const FIELDS: { readonly [groupAndPlural: string]: readonly string[] } = {
  '/pods': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  '/nodes': ['spec.unschedulable'],
  '/namespaces': ['status.phase'],
  '/secrets': ['type'],
  '/services': ['spec.clusterIP', 'spec.type'],
  '/replicationcontrollers': ['status.replicas'],
  'batch/jobs': ['status.successful'],
  'certificates.k8s.io/certificatesigningrequests': ['spec.signerName'],
  'events.k8s.io/events': [
    'reason',
    'reportingController',
    'type',
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (field) => `regarding.${field}`,
    ),
  ],
  '/events': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
}

/** Fields that Go knows as booleans: without a value they are `false`, the others are empty. */
const BOOLEANS = new Set(['spec.hostNetwork', 'spec.unschedulable'])

const NONE: { readonly [path: string]: string } = Object.freeze({})

/** Those of a custom resource are in its definition, as paths such as `.spec.color`. */
export function selectableFields({ resource, definition }: ServedResource): readonly string[] {
  if (definition !== undefined) return (definition.selectableFields ?? []).map(({ jsonPath }) => jsonPath.slice(1))
  return FIELDS[`${resource.group}/${resource.plural}`] ?? []
}

/** What a server says of a field that it cannot select by: kinds without fields of their own have words of their own. */
export function unknownField(served: ServedResource, path: string): string {
  if (!served.isBuiltIn || selectableFields(served).length > 0) return `field label not supported: ${path}`
  return `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`
}

/** Read once at each write, so that a LIST by field parses no object. */
export function fieldsOf(served: ServedResource, object: AnyObject): { readonly [path: string]: string } {
  const paths = selectableFields(served)
  if (paths.length === 0) return NONE
  return Object.fromEntries(paths.map((path) => [path, textAt(object, path)]))
}

export function textAt(object: AnyObject, path: string): string {
  let value: unknown = object
  for (const field of path.split('.')) value = (value as { [field: string]: unknown } | undefined)?.[field]
  if (value === undefined || value === null) return BOOLEANS.has(path) ? 'false' : ''
  // `source` of an event is an object; what the selector means is its component.
  if (typeof value === 'object') return (value as { component?: string }).component ?? ''
  return String(value as string | number | boolean)
}
