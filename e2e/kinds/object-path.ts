/** Where a value is in an object: field names, map keys and indexes. */
export type ObjectPath = readonly (string | number)[]

type Container = Record<string | number, unknown>

export function valueAt(object: unknown, path: ObjectPath): unknown {
  let value = object
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Container)[step]
  }
  return value
}

export function setAt(object: unknown, path: ObjectPath, value: unknown): void {
  const holder = valueAt(object, path.slice(0, -1)) as Container
  holder[path.at(-1)!] = value
}

/** Array elements close ranks. Nothing happens where there is nothing. */
export function deleteAt(object: unknown, path: ObjectPath): void {
  const holder = valueAt(object, path.slice(0, -1))
  const last = path.at(-1)!
  if (Array.isArray(holder)) holder.splice(Number(last), 1)
  else if (typeof holder === 'object' && holder !== null) delete (holder as Container)[last]
}

/**
 * Reads the path of a field error, `spec.containers[0].ports[1].name` or `data[some.key]`, as far as the
 * object goes: a server may name what is not there.
 */
export function pathOf(object: unknown, field: string): { path: ObjectPath; isWhole: boolean } {
  const steps = [...field.matchAll(/\[(?<bracket>[^\]]*)\]|(?<name>[^.[\]]+)/g)].map(
    ({ groups }) => groups!['bracket'] ?? groups!['name']!,
  )
  const path: (string | number)[] = []
  let value = object
  for (const [at, step] of steps.entries()) {
    if (typeof value !== 'object' || value === null) return { path, isWhole: false }
    const isLast = at === steps.length - 1
    if (!isLast && !(step in value)) return { path, isWhole: false }
    path.push(Array.isArray(value) ? Number(step) : step)
    value = (value as Container)[step]
  }
  return { path, isWhole: true }
}
