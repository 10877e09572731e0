import { childOf, EMPTY, type FieldSet, fieldSet, isEmpty, LEAF } from './field-set.ts'
import type { FieldType } from './field-type.ts'
import { isEqual, isMap, valueOf } from './json-value.ts'

/** A part of an object that can have an owner of its own: the path element that names it, its value and type. */
export interface Part {
  readonly element: string
  readonly value: unknown
  readonly type: FieldType
}

/** The parts of a value; undefined where it has one owner as a whole: values, lists and maps that are atomic. */
export function partsOf(value: unknown, type: FieldType): readonly Part[] | undefined {
  const { isAtomic, listKeys, isSet } = type.marks
  if (isMap(value)) {
    if (isAtomic) return undefined
    return Object.entries(value).map(([key, child]) => ({ element: `f:${key}`, value: child, type: type.field(key) }))
  }
  if (!Array.isArray(value)) return undefined
  if (isSet) return value.map((item) => ({ element: `v:${JSON.stringify(item)}`, value: item, type: type.items }))
  if (listKeys === undefined) return undefined
  return value.map((item) => ({ element: keysOf(item, listKeys), value: item, type: type.items }))
}

/** `k:{"containerPort":80,"protocol":"TCP"}`: the protocol is the one key that the API gives a default. */
function keysOf(item: unknown, listKeys: readonly string[]): string {
  const keys = listKeys.toSorted().map((key) => [key, valueOf(item, key) ?? (key === 'protocol' ? 'TCP' : undefined)])
  return `k:${JSON.stringify(Object.fromEntries(keys.filter(([, value]) => value !== undefined) as [string, unknown][]))}`
}

/** What an apply of the value owns: its leaves, and the elements of its lists. */
export function fieldsOf(value: unknown, type: FieldType): FieldSet {
  const parts = partsOf(value, type)
  if (parts === undefined || parts.length === 0) return LEAF
  return fieldSet(
    false,
    parts.map(({ element, ...part }) => {
      const fields = fieldsOf(part.value, part.type)
      return [element, element.startsWith('f:') ? fields : { ...fields, isMember: true }]
    }),
  )
}

/** What of `value` is new or other than in `old`: that is what an update owns, new optional objects included. */
export function changedFields(old: unknown, value: unknown, type: FieldType): FieldSet {
  if (isEqual(old, value)) return EMPTY
  const parts = partsOf(value, type)
  if (parts === undefined || parts.length === 0) return LEAF
  const before = new Map((partsOf(old, type) ?? []).map((part) => [part.element, part.value]))
  const isNew = before.size === 0 && type.isOptional
  return fieldSet(
    isNew,
    parts.map(({ element, ...part }) => {
      const fields = changedFields(before.get(element), part.value, part.type)
      const isNewElement = !element.startsWith('f:') && !before.has(element)
      return [element, isNewElement ? { ...fields, isMember: true } : fields]
    }),
  )
}

/** Those of the fields that the value still has. */
export function presentFields(fields: FieldSet, value: unknown, type: FieldType): FieldSet {
  const parts = new Map((partsOf(value, type) ?? []).map((part) => [part.element, part]))
  return fieldSet(
    fields.isMember,
    [...fields.children].flatMap(([element, child]) => {
      const part = parts.get(element)
      return part === undefined ? [] : [[element, presentFields(child, part.value, part.type)] as const]
    }),
  )
}

/** Whether something at or below the path is in the set. */
export function owns(fields: FieldSet, element: string): boolean {
  return !isEmpty(childOf(fields, element))
}
