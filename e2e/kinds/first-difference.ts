import { isDeepStrictEqual } from 'node:util'

/** Where two values differ first, and both of them there; undefined where they are equal. */
export function firstDifference(left: unknown, right: unknown, path = ''): string | undefined {
  if (isDeepStrictEqual(left, right)) return undefined
  if (isContainer(left) && isContainer(right) && Array.isArray(left) === Array.isArray(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const inside = firstDifference(left[key], right[key], `${path}/${key}`)
      if (inside !== undefined) return inside
    }
  }
  return `${path || '/'}: ${shown(left)} and ${shown(right)}`
}

/** How many values an object has at its leaves; an empty array or map is one. */
export function countValues(value: unknown): number {
  if (!isContainer(value)) return 1
  const inside = Object.values(value)
  return inside.length === 0 ? 1 : inside.reduce<number>((sum, inner) => sum + countValues(inner), 0)
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200)
}
