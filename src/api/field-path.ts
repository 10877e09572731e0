import { KubeflumeError } from './errors.ts'

/**
 * A field of an object: `'spec.nodeName'`. Arrays are crossed: `'spec.containers.image'` is the image
 * of every container, and so is `'spec.containers[*].image'`. Where a key has dots, brackets
 * (`"metadata.annotations['a.b/c']"`) or an array (`['metadata', 'annotations', 'a.b/c']`).
 */
export type FieldPath = string | readonly string[]

const PART = /\.?([^.[\]]+)|\[\*\]|\['((?:[^'\\]|\\.)+)'\]/y

/**
 * Reads a path into its parts.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for what is no path
 */
export function parseFieldPath(path: FieldPath): readonly string[] {
  const parts = typeof path === 'string' ? splitPath(path) : path
  if (parts.length === 0 || parts.some((part) => typeof part !== 'string' || part === '')) throw pathError(path)
  return parts
}

/** Reads what a path leads to; several values where it crosses an array. */
export function readFieldPath(value: unknown, parts: readonly string[], from = 0): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (from === parts.length) return Array.isArray(value) ? value : [value]
  const part = parts[from]!
  if (Array.isArray(value)) return value.flatMap((element) => readFieldPath(element, parts, from))
  return typeof value === 'object' && Object.hasOwn(value, part)
    ? readFieldPath((value as Record<string, unknown>)[part], parts, from + 1)
    : []
}

/** Whether a path is one of the roots, or leads into one. */
export function isWithin(parts: readonly string[], roots: readonly (readonly string[])[]): boolean {
  return roots.some((root) => root.every((part, index) => part === parts[index]))
}

function splitPath(path: string): readonly string[] {
  const parts: string[] = []
  PART.lastIndex = 0
  let at = 0
  while (at < path.length) {
    const match = PART.exec(path)
    if (match === null || (at === 0 && path.startsWith('.'))) throw pathError(path)
    const part = match[1] ?? match[2]?.replace(/\\(.)/g, '$1')
    if (part !== undefined) parts.push(part) // undefined is [*]: every array is crossed anyway
    at = PART.lastIndex
  }
  return parts
}

function pathError(path: FieldPath): KubeflumeError {
  return new KubeflumeError('ERR_OPTION', `${JSON.stringify(path)} is no field path`)
}
