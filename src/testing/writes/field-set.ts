import { isMap, type JsonMap } from './json-value.ts'

/**
 * A set of paths in an object, as `managedFields` has them: structured-merge-diff's `fieldpath.Set`.
 *
 * The elements of a path are `f:name` for a field, `k:{"name":"a"}` for an element of a list by its keys,
 * `v:"a"` for a value of a set.
 */
export interface FieldSet {
  /** Whether the path that leads here is in the set itself. */
  readonly isMember: boolean
  readonly children: ReadonlyMap<string, FieldSet>
}

export const LEAF: FieldSet = { isMember: true, children: new Map() }
export const EMPTY: FieldSet = { isMember: false, children: new Map() }

export function isEmpty({ isMember, children }: FieldSet): boolean {
  return !isMember && children.size === 0
}

/** @param fields `fieldsV1`: an object without keys is a member, as is one with the key `.` */
export function fromFieldsV1(fields: unknown): FieldSet {
  const entries = isMap(fields) ? Object.entries(fields) : []
  const children = entries.filter(([element]) => element !== '.')
  return fieldSet(
    children.length < entries.length,
    children.map(([element, child]) => {
      const set = fromFieldsV1(child)
      return [element, isEmpty(set) ? LEAF : set]
    }),
  )
}

export function toFieldsV1({ isMember, children }: FieldSet): JsonMap {
  const elements = [...children.keys()].sort()
  return {
    ...(isMember && children.size > 0 ? { '.': {} } : {}),
    ...Object.fromEntries(elements.map((element) => [element, toFieldsV1(children.get(element)!)])),
  }
}

/** Leaves out children that are empty. */
export function fieldSet(isMember: boolean, children: Iterable<readonly [string, FieldSet]>): FieldSet {
  return { isMember, children: new Map([...children].filter(([, child]) => !isEmpty(child))) }
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const elements = new Set([...a.children.keys(), ...b.children.keys()])
  const merged = [...elements].map((element) => [element, union(childOf(a, element), childOf(b, element))] as const)
  return fieldSet(a.isMember || b.isMember, merged)
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const left = [...a.children].map(([element, child]) => [element, difference(child, childOf(b, element))] as const)
  return fieldSet(a.isMember && !b.isMember, left)
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const common = [...a.children].map(([element, child]) => [element, intersection(child, childOf(b, element))] as const)
  return fieldSet(a.isMember && b.isMember, common)
}

export function childOf({ children }: FieldSet, element: string): FieldSet {
  return children.get(element) ?? EMPTY
}

/** The members as error messages have them, `.spec.containers[name="c"].image`: those of a level before what lies deeper. */
export function pathsIn({ children }: FieldSet, path = ''): string[] {
  const elements = [...children.keys()].sort()
  const isMember = (element: string): boolean => children.get(element)!.isMember
  return [
    ...elements.filter(isMember).map((element) => path + textOf(element)),
    ...elements.flatMap((element) => pathsIn(children.get(element)!, path + textOf(element))),
  ]
}

function textOf(element: string): string {
  const rest = element.slice(2)
  if (element.startsWith('f:')) return `.${rest}`
  if (element.startsWith('v:')) return `[=${rest}]`
  const keys = Object.entries(JSON.parse(rest) as object)
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
}
