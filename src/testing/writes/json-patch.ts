import { badRequest } from '../status.ts'
import { unprocessableRequest } from './refusals.ts'
import { isEqual, isMap, setValue, valueOf } from './json-value.ts'

interface Operation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/** What `null` is taken for, as in Go. */
const NOTHING: Operation = { op: '', path: '' }

/** More operations are refused: `maxJSONPatchOperations` of k8s.io/apiserver `endpoints/handlers/patch.go`. */
const MAX_OPERATIONS = 10_000

/**
 * Applies an RFC 6902 patch to a copy of `document`.
 *
 * As with the library that a real server uses, `replace` of a key that an object does not have adds it.
 *
 * @throws {ApiError} 400 for what is no patch, 422 for an operation that cannot be carried out
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    const type = typeof patch === 'object' ? 'object' : typeof patch
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${type} into Go value of type []handlers.jsonPatchOp`,
    )
  }
  if (patch.length > MAX_OPERATIONS)
    throw badRequest(`The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}`)
  const root = { '': structuredClone(document) }
  for (const operation of patch as (Operation | null)[]) apply(root, operation ?? NOTHING)
  return root['']
}

function apply(root: object, { op, path, from, value }: Operation): void {
  switch (op) {
    case 'add':
      return add(root, path, structuredClone(value))
    case 'remove':
      return remove(root, path)
    case 'replace':
      return replace(root, path, structuredClone(value))
    case 'move': {
      const moved = valueAt(root, from)
      remove(root, from)
      return add(root, path, moved)
    }
    case 'copy':
      return add(root, path, structuredClone(valueAt(root, from)))
    case 'test': {
      const found = lookUp(root, path)
      if (!isEqual(found ?? null, value ?? null)) throw unprocessableRequest()
      return
    }
    default:
      throw unprocessableRequest()
  }
}

function add(root: object, path: string, value: unknown): void {
  const [parent, step] = placeOf(root, path)
  if (!Array.isArray(parent)) setValue(parent, step, value)
  else parent.splice(step === '-' ? parent.length : indexIn(parent.length + 1, step), 0, value)
}

function remove(root: object, path: string | undefined): void {
  const [parent, step] = placeOf(root, path)
  if (Array.isArray(parent)) parent.splice(indexIn(parent.length, step), 1)
  else if (Object.hasOwn(parent, step)) delete parent[step]
  else throw unprocessableRequest()
}

function replace(root: object, path: string, value: unknown): void {
  const [parent, step] = placeOf(root, path)
  if (Array.isArray(parent)) parent[indexIn(parent.length, step)] = value
  else setValue(parent, step, value)
}

function valueAt(root: object, path: string | undefined): unknown {
  const value = lookUp(root, path)
  if (value === undefined) throw unprocessableRequest()
  return value
}

function lookUp(root: object, path: string | undefined): unknown {
  const [parent, step] = placeOf(root, path)
  if (Array.isArray(parent)) return parent[indexIn(parent.length, step)]
  return valueOf(parent, step)
}

/** What holds the value that a JSON pointer names, and under which key. The document itself is under `''` of the root. */
function placeOf(
  root: object,
  path: string | undefined,
): [parent: { [key: string]: unknown } | unknown[], step: string] {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) throw unprocessableRequest()
  const steps = path.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = steps.pop()!
  let parent: unknown = root
  for (const step of steps) {
    if (Array.isArray(parent)) parent = (parent as unknown[])[indexIn(parent.length, step)]
    else parent = valueOf(parent, step)
  }
  if (!isMap(parent) && !Array.isArray(parent)) throw unprocessableRequest()
  return [parent, last]
}

/** Negative numbers count from the end, which a real server allows as well. */
function indexIn(length: number, step: string): number {
  const index = /^-?\d+$/.test(step) ? Number(step) : Number.NaN
  const place = index < 0 ? index + length : index
  if (!(place >= 0 && place < length)) throw unprocessableRequest()
  return place
}
