import { isDeepEqual } from '../internal/deep-equal.ts'

export interface JsonObject {
  readonly [key: string]: unknown
}

/** What a merge patch has to say of one value. */
export interface Difference<V = unknown> {
  /** The value to send; null where it is gone. */
  readonly patch: V
  /** Whether an array was changed, added or removed, in whatever depth. */
  readonly touchesArray: boolean
}

/**
 * The JSON merge patch (RFC 7386) that turns `before` into `after`; undefined where there is nothing to do.
 *
 * Such a patch cannot say null: in an object it is the same as a property that is not there, as it is to
 * Kubernetes. Arrays are whole. A property may have any name, `__proto__` and `constructor` too: labels have.
 */
export function mergePatch(before: JsonObject, after: JsonObject): Difference<JsonObject> | undefined {
  const entries: (readonly [string, unknown])[] = []
  let touchesArray = false
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const difference = differenceOf(valueAt(before, key), valueAt(after, key))
    if (difference === undefined) continue
    entries.push([key, difference.patch])
    touchesArray ||= difference.touchesArray
  }
  return entries.length === 0 ? undefined : { patch: Object.fromEntries(entries), touchesArray }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own property; undefined for one that is null. */
export function valueAt(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? (object[key] ?? undefined) : undefined
}

function differenceOf(before: unknown, after: unknown): Difference | undefined {
  if (isJsonObject(before) && isJsonObject(after)) return mergePatch(before, after)
  if (isDeepEqual(before, after)) return undefined
  return { patch: after ?? null, touchesArray: holdsArray(before) || holdsArray(after) }
}

/** Whether there is an array in it, in whatever depth. */
export function holdsArray(value: unknown): boolean {
  return Array.isArray(value) || (isJsonObject(value) && Object.values(value).some(holdsArray))
}
