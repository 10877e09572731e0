import { isMap, type JsonMap, setValue, valueOf } from './json-value.ts'

/** RFC 7386: null removes, objects merge, everything else replaces. Neither argument is changed. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return structuredClone(patch)
  const result: JsonMap = isMap(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else setValue(result, key, applyMergePatch(valueOf(result, key), value))
  }
  return result
}
