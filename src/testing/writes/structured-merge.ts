import { childOf, type FieldSet } from './field-set.ts'
import type { FieldType } from './field-type.ts'
import { isMap, type JsonMap, setValue, valueOf } from './json-value.ts'
import { owns, type Part, partsOf } from './object-fields.ts'

/** What an apply makes of the live value: structured-merge-diff's `Merge`. Neither argument is changed. */
export function mergeStructured(live: unknown, applied: unknown, type: FieldType): unknown {
  if (isMap(applied) && isMap(live) && !type.marks.isAtomic) {
    const result: JsonMap = { ...live }
    for (const [key, value] of Object.entries(applied)) {
      if (value === null) delete result[key]
      else setValue(result, key, mergeStructured(valueOf(result, key), value, type.field(key)))
    }
    return result
  }
  const [left, right] = [partsOf(live, type), partsOf(applied, type)]
  if (!Array.isArray(applied) || !Array.isArray(live) || left === undefined || right === undefined) {
    return structuredClone(applied)
  }
  return mergeLists(left, right)
}

/** The applied order, with what only the live list has before what follows it there: `mergeListItems`. */
function mergeLists(live: readonly Part[], applied: readonly Part[]): unknown[] {
  const liveByElement = new Map(live.map((part) => [part.element, part]))
  const appliedElements = new Set(applied.map(({ element }) => element))
  const waiting = [...live]
  const result: unknown[] = []
  for (const { element, value, type } of applied) {
    while (waiting.length > 0 && !appliedElements.has(waiting[0]!.element)) result.push(waiting.shift()!.value)
    if (waiting[0]?.element === element) waiting.shift()
    result.push(mergeStructured(liveByElement.get(element)?.value, value, type))
  }
  return [...result, ...waiting.filter(({ element }) => !appliedElements.has(element)).map(({ value }) => value)]
}

/**
 * Takes fields away from a value; what others own at or below a field stays. An object or list that
 * loses its last part goes with it.
 */
export function removeFields(value: unknown, fields: FieldSet, others: FieldSet, type: FieldType): unknown {
  const parts = partsOf(value, type)
  if (parts === undefined || fields.children.size === 0) return value
  const kept = parts.flatMap((part): Part[] => {
    const inside = childOf(fields, part.element)
    if (inside.isMember && !owns(others, part.element)) return []
    const left = removeFields(part.value, inside, childOf(others, part.element), part.type)
    return left === undefined ? [] : [{ ...part, value: left }]
  })
  if (kept.length === 0) return parts.length === 0 ? value : undefined
  if (Array.isArray(value)) return kept.map((part) => part.value)
  return Object.fromEntries(kept.map((part) => [part.element.slice(2), part.value]))
}
