import type { ServedResource } from '../catalog/registry.ts'
import type { AnyObject } from '../encoding/encoding.ts'
import { type FieldError, invalid } from '../status.ts'
import { isEqual, isMap } from './json-value.ts'

/** What `immutable` seals, in the order of kubernetes `pkg/apis/core/validation`. */
const SEALED: ReadonlyMap<string, readonly string[]> = new Map([
  ['configmaps', ['data', 'binaryData']],
  ['secrets', ['data']],
])

const WHY = 'Forbidden: field is immutable when `immutable` is set'

/** @throws {ApiError} 422 for a change of what a ConfigMap or a Secret has sealed */
export function checkImmutableData({ resource, isBuiltIn }: ServedResource, old: AnyObject, object: AnyObject): void {
  const sealed = isBuiltIn && resource.group === '' ? SEALED.get(resource.plural) : undefined
  if (sealed === undefined || old['immutable'] !== true) return
  const changed = sealed.filter((field) => !isEqual(mapAt(old, field), mapAt(object, field)))
  const fields = object['immutable'] === true ? changed : ['immutable', ...changed]
  const [first, ...rest] = fields.map((field): FieldError => ({ field, type: 'FieldValueForbidden', message: WHY }))
  if (first !== undefined) throw invalid(resource, old.metadata.name ?? '', [first, ...rest])
}

/** An empty map is none. */
function mapAt(object: AnyObject, field: string): object {
  const value = object[field]
  return isMap(value) ? value : {}
}
