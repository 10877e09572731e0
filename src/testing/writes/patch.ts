import { badRequest, failure, unsupportedMediaType } from '../status.ts'

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json'

/**
 * Applies a patch of the given media type to a copy of `target`.
 *
 * A strategic merge patch is taken for a plain merge patch: maps merge as they should, but a list
 * replaces the old one where a real server would merge its elements by their keys.
 *
 * @throws {ApiError} 415 for other kinds of patch, 400 or 422 for one that cannot be applied
 */
export function applyPatch(target: unknown, patch: unknown, contentType: string): unknown {
  switch (contentType.split(';')[0]!.trim().toLowerCase()) {
    case JSON_PATCH:
      if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
      return (patch as Operation[]).reduce(applyOperation, structuredClone(target))
    case MERGE_PATCH:
    case STRATEGIC_PATCH:
      return mergePatch(target, patch)
    default:
      throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH])
  }
}

/** RFC 7386: null removes, maps merge, everything else replaces. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch
  const result: { [key: string]: unknown } = isMap(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}

interface Operation {
  readonly op: string
  readonly path: string
  readonly value?: unknown
}

/** RFC 6902, without `move` and `copy`. Changes `document` in place where it can. */
function applyOperation(document: unknown, { op, path, value }: Operation): unknown {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = steps.pop()
  if (last === undefined) return op === 'remove' ? undefined : value
  const parent = steps.reduce(childOf, document)
  if (op === 'test') {
    if (JSON.stringify(childOf(parent, last)) !== JSON.stringify(value)) throw unprocessable(`testing ${path}`)
  } else if (Array.isArray(parent)) changeArray(parent, last, { op, path, value })
  else if (isMap(parent)) changeMap(parent, last, { op, path, value })
  else throw unprocessable(`${op} of ${path}: there is no such place`)
  return document
}

function changeArray(array: unknown[], step: string, { op, path, value }: Operation): void {
  const index = step === '-' && op === 'add' ? array.length : Number(step)
  const end = op === 'add' ? array.length : array.length - 1
  if (!Number.isInteger(index) || index < 0 || index > end) throw unprocessable(`${op} of ${path}: out of bounds`)
  if (op === 'add') array.splice(index, 0, value)
  else if (op === 'replace') array[index] = value
  else if (op === 'remove') array.splice(index, 1)
  else throw unprocessable(`operation ${op} is not supported`)
}

function changeMap(map: { [key: string]: unknown }, key: string, { op, path, value }: Operation): void {
  if (op !== 'add' && !Object.hasOwn(map, key)) throw unprocessable(`${op} of ${path}: there is no such key`)
  if (op === 'add' || op === 'replace') map[key] = value
  else if (op === 'remove') delete map[key]
  else throw unprocessable(`operation ${op} is not supported`)
}

function childOf(parent: unknown, step: string): unknown {
  return isMap(parent) || Array.isArray(parent) ? (parent as { [key: string]: unknown })[step] : undefined
}

function isMap(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unprocessable(why: string): Error {
  return failure(422, 'Invalid', `the server rejected our request due to an error in our request: ${why}`, {})
}
