import { type FieldSchema, messageSchema } from '../../decode/protobuf/schema.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { type AnyObject, messageOf } from '../encoding/encoding.ts'
import type { Exchange } from '../http/exchange.ts'
import { badRequest } from '../status.ts'
import { isMap } from './json-value.ts'

/**
 * What `fieldValidation` asks for: with `Strict` a built-in object with fields that its kind does not have is
 * refused, with `Ignore` they are dropped, and otherwise the answer warns of them, too. Custom resources
 * keep whatever they are given.
 *
 * @throws {ApiError} 400
 */
export function validateFields({ query, response, target: { served } }: Exchange, object: AnyObject): void {
  const { fieldValidation } = query
  if (fieldValidation === 'Ignore') return
  const problems = unknownFields(served, object).map((path) => `unknown field ${JSON.stringify(path)}`)
  if (problems.length === 0) return
  const { kind, version } = served.resource
  if (fieldValidation === 'Strict') {
    const what = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}`
    throw badRequest(`${what}: strict decoding error: ${problems.join(', ')}`)
  }
  response.setHeader(
    'warning',
    problems.map((problem) => `299 - ${JSON.stringify(problem)}`),
  )
}

/** Paths such as `spec.containers[0].colour`, in the order of the object. */
export function unknownFields(served: ServedResource, object: AnyObject): string[] {
  const message = messageOf(served)
  if (message === undefined) return []
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = object
  return [...unknownIn(message, rest, '')]
}

function* unknownIn(message: string, value: unknown, path: string): Generator<string> {
  if (!isMap(value)) return
  const fields = fieldsOf(message)
  if (fields === undefined) return
  for (const [name, child] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`
    const field = fields.get(name)
    if (field === undefined) yield at
    else if (field.type === 'm') yield* unknownBelow(field, child, at)
  }
}

function* unknownBelow({ cardinality, message }: FieldSchema, value: unknown, path: string): Generator<string> {
  if (cardinality === '+' && Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* unknownIn(message, item, `${path}[${index}]`)
  } else if (cardinality === '%' && isMap(value)) {
    for (const [key, item] of Object.entries(value)) yield* unknownIn(message, item, `${path}.${key}`)
  } else yield* unknownIn(message, value, path)
}

const known = new Map<string, ReadonlyMap<string, FieldSchema> | undefined>()

/** The fields that JSON shows in the message; undefined for one that is an array there. */
function fieldsOf(message: string): ReadonlyMap<string, FieldSchema> | undefined {
  if (!known.has(message)) {
    const schema = messageSchema(message)
    const isKnown = schema !== undefined && !schema.isList
    known.set(message, isKnown ? new Map(inlined(message).map((field) => [field.json, field])) : undefined)
  }
  return known.get(message)
}

function inlined(message: string): FieldSchema[] {
  return (messageSchema(message)?.fields ?? []).flatMap((field) =>
    field.type === 'n' ? inlined(field.message) : [field],
  )
}
