import { badRequest } from '../status.ts'
import type { FieldType } from './field-type.ts'
import { isEqual, isMap, type JsonMap, setValue, valueOf } from './json-value.ts'
import { inServersOrder } from './list-order.ts'

const DIRECTIVE = '$patch'
const RETAIN_KEYS = '$retainKeys'
const DELETE_VALUES = '$deleteFromPrimitiveList/'
const ORDER = '$setElementOrder/'

/**
 * Applies a strategic merge patch: as a merge patch, but lists of the types that say so merge by their
 * merge key, and directives in the patch delete, replace and order: apimachinery `pkg/util/strategicpatch`.
 * Neither argument is changed.
 *
 * @throws {ApiError} 400 for an unknown directive, or an element without its merge key
 */
export function applyStrategicMerge(target: unknown, patch: unknown, type: FieldType): unknown {
  return isMap(patch) ? mergeMaps(isMap(target) ? target : {}, patch, type) : structuredClone(patch)
}

function mergeMaps(target: JsonMap, patch: JsonMap, type: FieldType): JsonMap {
  const directive = patch[DIRECTIVE]
  if (directive === 'replace') return withoutNulls(patch)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`invalid value for $patch: ${JSON.stringify(directive)}`)
  const result = retained(target, patch[RETAIN_KEYS])
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_VALUES)) deleteValues(result, key.slice(DELETE_VALUES.length), value)
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue
    if (value === null) delete result[key]
    else setValue(result, key, mergeValue(valueOf(result, key), value, type.field(key), orderIn(patch, key)))
  }
  for (const key of Object.keys(patch)) {
    const field = key.slice(ORDER.length)
    if (!key.startsWith(ORDER) || Object.hasOwn(patch, field)) continue
    const [list, order] = [valueOf(result, field), orderIn(patch, field)]
    if (Array.isArray(list) && order !== undefined) result[field] = ordered(list, list, order, type.field(field))
  }
  return result
}

function orderIn(patch: JsonMap, field: string): unknown[] | undefined {
  const order = valueOf(patch, ORDER + field)
  if (order === undefined || Array.isArray(order)) return order
  throw badRequest('invalid patch format of setElementOrder list')
}

function mergeValue(target: unknown, patch: unknown, type: FieldType, order: unknown[] | undefined): unknown {
  if (isMap(patch)) return mergeMaps(isMap(target) ? target : {}, patch, type)
  if (!Array.isArray(patch) || !type.marks.mergesList) return Array.isArray(patch) ? withoutDirectives(patch) : patch
  const live = Array.isArray(target) ? (target as unknown[]) : []
  const merged = mergeLists(live, patch as unknown[], type)
  return ordered(merged, live, order ?? withoutDirectives(patch), type)
}

function mergeLists(target: readonly unknown[], patch: readonly unknown[], type: FieldType): unknown[] {
  const { mergeKey } = type.marks
  if (mergeKey === undefined) {
    return [...target, ...patch.filter((value) => !target.some((known) => isEqual(known, value)))]
  }
  if (patch.some((item) => isMap(item) && item[DIRECTIVE] === 'replace')) return withoutDirectives(patch)
  let result = [...target]
  for (const item of patch) {
    const key = valueOf(item, mergeKey)
    if (!isMap(item) || key === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`)
    const place = result.findIndex((known) => isEqual(valueOf(known, mergeKey), key))
    if (item[DIRECTIVE] === 'delete') result = result.filter((known) => !isEqual(valueOf(known, mergeKey), key))
    else if (place === -1) result.push(mergeMaps({}, item, type.items))
    else result[place] = mergeMaps(result[place] as JsonMap, item, type.items)
  }
  return result
}

/** The elements in the order that the patch gives them, among them those that only the server knows, in theirs. */
function ordered(
  merged: readonly unknown[],
  live: readonly unknown[],
  order: readonly unknown[],
  { marks: { mergeKey } }: FieldType,
): unknown[] {
  const idOf = (item: unknown): string => JSON.stringify(mergeKey === undefined ? item : valueOf(item, mergeKey)) ?? ''
  return inServersOrder(merged, { live: live.map(idOf), wanted: order.map(idOf), idOf })
}

function retained(target: JsonMap, keys: unknown): JsonMap {
  if (!Array.isArray(keys)) return { ...target }
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)))
}

function deleteValues(map: JsonMap, key: string, values: unknown): void {
  const list = valueOf(map, key)
  if (!Array.isArray(list) || !Array.isArray(values)) return
  map[key] = list.filter((item) => !values.some((value) => isEqual(value, item)))
}

/** A map that the patch brings is not merged with anything: what it deletes is simply not there. */
function withoutNulls(patch: JsonMap): JsonMap {
  const entries = Object.entries(patch).filter(([key, value]) => !key.startsWith('$') && value !== null)
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isMap(value) ? withoutNulls(value) : structuredClone(value)]),
  )
}

function withoutDirectives(list: readonly unknown[]): unknown[] {
  const isDirective = (item: unknown): boolean => {
    const directive = valueOf(item, DIRECTIVE)
    return directive === 'delete' || (directive === 'replace' && Object.keys(item as object).length === 1)
  }
  return list
    .filter((item) => !isDirective(item))
    .map((item) => (isMap(item) ? withoutNulls(item) : structuredClone(item)))
}
