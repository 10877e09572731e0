import type { AnyObject } from '../encoding/encoding.ts'
import { difference, EMPTY, type FieldSet, fromFieldsV1, isEmpty, toFieldsV1, union } from './field-set.ts'
import type { FieldType } from './field-type.ts'
import { isEqual, type JsonMap } from './json-value.ts'
import { changedFields, presentFields } from './object-fields.ts'

/** Who owns a set of fields: one entry of `metadata.managedFields`. */
export interface FieldOwner {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string | undefined
  readonly time: string | undefined
  readonly fields: FieldSet
}

export function ownersOf(object: AnyObject): FieldOwner[] {
  const entries = (object.metadata['managedFields'] ?? []) as readonly ManagedFields[]
  return entries.map(({ manager = 'unknown', operation, apiVersion = '', subresource, time, fieldsV1 }) => ({
    manager,
    operation: operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion,
    subresource,
    time,
    fields: fromFieldsV1(fieldsV1),
  }))
}

interface ManagedFields {
  readonly manager?: string
  readonly operation?: string
  readonly apiVersion?: string
  readonly subresource?: string
  readonly time?: string
  readonly fieldsV1?: object
}

/** The object with these owners, in the order of a real server. */
export function withOwners(object: AnyObject, owners: readonly FieldOwner[]): AnyObject {
  const { managedFields: _old, ...metadata } = object.metadata
  const kept = owners.filter(({ fields }) => !isEmpty(fields)).sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1))
  const managedFields = kept.map(({ fields, subresource, time, manager, operation, apiVersion }) => ({
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource === undefined ? {} : { subresource }),
  }))
  return { ...object, metadata: { ...metadata, ...(managedFields.length === 0 ? {} : { managedFields }) } }
}

export function isSameOwner(a: FieldOwner, b: FieldOwner): boolean {
  return (
    a.manager === b.manager &&
    a.operation === b.operation &&
    a.apiVersion === b.apiVersion &&
    a.subresource === b.subresource
  )
}

/**
 * The object after an update by `owner`: what the update changed is the owner's and no one else's, and
 * nobody owns what is gone.
 */
export function ownUpdate(
  old: AnyObject | undefined,
  object: AnyObject,
  owner: FieldOwner,
  type: FieldType,
): AnyObject {
  const content = ownable(object)
  const changed = changedFields(old === undefined ? undefined : ownable(old), content, type)
  const changes = { ...changed, isMember: false }
  const owners = old === undefined ? [] : ownersOf(old)
  const others = owners
    .filter((other) => !isSameOwner(other, owner))
    .map((other) => ({ ...other, fields: presentFields(difference(other.fields, changes), content, type) }))
  const mine = owners.find((other) => isSameOwner(other, owner))
  const fields = presentFields(union(mine?.fields ?? EMPTY, changes), content, type)
  const isUnchanged = mine !== undefined && isEqual(toFieldsV1(mine.fields), toFieldsV1(fields)) && isEmpty(changes)
  return withOwners(object, [...others, isUnchanged ? mine : { ...owner, fields }])
}

const SYSTEM_METADATA = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
])

/** The object without what the server alone writes, which nobody owns: `stripFields` of apimachinery `util/managedfields`. */
export function ownable(object: AnyObject): JsonMap {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object
  const own = Object.entries(metadata).filter(([field]) => !SYSTEM_METADATA.has(field))
  return { ...(own.length === 0 ? {} : { metadata: Object.fromEntries(own) }), ...rest }
}

/** `sortEncodedManagedFields` of apimachinery: no two owners have the same. */
function rankOf({ operation, time = '', manager, apiVersion, subresource = '' }: FieldOwner): string {
  return [operation, time, manager, apiVersion, subresource].join('\0')
}
