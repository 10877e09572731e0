import type { AnyObject } from '../encoding/encoding.ts'
import { type StatusCause, failure } from '../status.ts'
import { difference, EMPTY, type FieldSet, intersection, isEmpty, pathsIn, toFieldsV1, union } from './field-set.ts'
import { type FieldOwner, isSameOwner, ownable, ownersOf, withOwners } from './field-owners.ts'
import type { FieldType } from './field-type.ts'
import { isEqual } from './json-value.ts'
import { changedFields, fieldsOf, presentFields } from './object-fields.ts'
import { mergeStructured, removeFields } from './structured-merge.ts'

export interface Application {
  readonly owner: FieldOwner
  /** Takes fields from their owners instead of failing. */
  readonly isForced: boolean
  readonly type: FieldType
}

/**
 * Server-side apply: the applied fields are merged into the live object and become the owner's; fields
 * that the owner applied before and now leaves out are removed, unless somebody else owns them too.
 *
 * @throws {ApiError} 409 with the fields that others own and that the apply would change
 */
export function applyConfiguration(
  live: AnyObject,
  applied: AnyObject,
  { owner, isForced, type }: Application,
): AnyObject {
  const owners = ownersOf(live)
  const before = owners.find((other) => isSameOwner(other, owner))
  const config = ownable(applied)
  const fields = { ...fieldsOf(config, type), isMember: false }
  const others = owners.filter((other) => other !== before)
  const merged = { ...(mergeStructured(ownable(live), config, type) as object) }
  const changed = changedFields(ownable(live), merged, type)
  const conflicts = others.map((other) => ({ other, fields: intersection(other.fields, changed) }))
  const failed = conflicts.filter((conflict) => !isEmpty(conflict.fields))
  if (failed.length > 0 && !isForced) throw conflictOf(failed)
  const remaining = conflicts.map(({ other, fields: lost }) => ({ ...other, fields: difference(other.fields, lost) }))
  const dropped = difference(before?.fields ?? EMPTY, fields)
  const foreign = remaining.reduce((all, other) => union(all, other.fields), fields)
  const result = (removeFields(merged, dropped, foreign, type) ?? {}) as Omit<AnyObject, 'metadata'> & {
    metadata?: object
  }
  const isUnchanged = before !== undefined && isEqual(toFieldsV1(before.fields), toFieldsV1(fields))
  const mine = isUnchanged && isEmpty(changed) ? before : { ...owner, fields }
  const object = { ...head(live), ...result, metadata: { ...system(live), ...result.metadata } }
  const present = remaining.map((other) => ({ ...other, fields: presentFields(other.fields, result, type) }))
  return withOwners(object, [...present, mine])
}

function head({ apiVersion, kind }: AnyObject): Pick<AnyObject, 'apiVersion' | 'kind'> {
  return { ...(apiVersion === undefined ? {} : { apiVersion }), ...(kind === undefined ? {} : { kind }) }
}

/** The metadata that an apply has no say in. */
function system(live: AnyObject): AnyObject['metadata'] {
  const own = (ownable(live)['metadata'] ?? {}) as object
  return Object.fromEntries(Object.entries(live.metadata).filter(([field]) => !(field in own)))
}

/** Messages are those of apimachinery `util/managedfields/internal/conflict.go`. */
function conflictOf(conflicts: readonly { other: FieldOwner; fields: FieldSet }[]): Error {
  const found = conflicts.flatMap(({ other, fields }) =>
    pathsIn(fields).map((path) => ({ manager: nameOf(other), path })),
  )
  const causes = found.map(({ manager, path }): StatusCause => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field: path,
  }))
  const title = `Apply failed with ${found.length} conflict${found.length === 1 ? '' : 's'}`
  const managers = [...new Set(found.map(({ manager }) => manager))].sort()
  const list = managers.flatMap((name) => [
    `conflicts with ${name}:`,
    ...found.filter(({ manager }) => manager === name).map(({ path }) => `- ${path}`),
  ])
  const text = found.length === 1 ? `conflict with ${found[0]!.manager}: ${found[0]!.path}` : list.join('\n')
  return failure(409, 'Conflict', `${title}: ${text}`, { causes })
}

function nameOf({ manager, operation, apiVersion, subresource }: FieldOwner): string {
  const name =
    JSON.stringify(manager) + (subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`)
  if (operation === 'Apply') return name
  return `${name} using ${apiVersion}`
}
