import { type FieldSchema, kindSchema, messageSchema } from '../../decode/protobuf/schema.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { isMap, valueOf } from './json-value.ts'
import { type MergeMarks, marksOf, NO_MARKS } from './merge-marks.ts'

/** What merging has to know of a value's type: of a field, of an element of a list, of a whole object. */
export interface FieldType {
  readonly marks: MergeMarks
  /** A pointer or a map by strings, which has an owner of its own when an update brings it. */
  readonly isOptional: boolean
  /** The type of a field of an object, or of a value of a map. */
  field(name: string): FieldType
  /** The type of the elements, where it is a list. */
  readonly items: FieldType
}

/** A value about whose type nothing is known: objects merge, lists are replaced. */
export const UNTYPED: FieldType = {
  marks: NO_MARKS,
  isOptional: true,
  field: () => UNTYPED,
  get items() {
    return UNTYPED
  },
}

/** The type of a resource's objects: Go's of a built-in one, the schema's of a custom one. */
export function typeOf({ isBuiltIn, apiVersion, resource, definition }: ServedResource): FieldType {
  if (!isBuiltIn) return customType(definition?.schema?.openAPIV3Schema)
  const message = kindSchema(apiVersion, resource.kind)?.message
  return message === undefined ? UNTYPED : messageType(message)
}

const messageTypes = new Map<string, FieldType>()

function messageType(name: string, marks: MergeMarks = NO_MARKS, isOptional = false): FieldType {
  const own = marksOf(name, undefined)
  const key = `${name} ${JSON.stringify(marks)} ${isOptional}`
  let type = messageTypes.get(key)
  if (type === undefined) {
    type = {
      marks: { ...marks, isAtomic: marks.isAtomic || own.isAtomic },
      isOptional,
      field: fieldsOf(name),
      items: UNTYPED,
    }
    messageTypes.set(key, type)
  }
  return type
}

/** Finds a field's type at its first use: messages contain each other. */
function fieldsOf(message: string): FieldType['field'] {
  let types: Map<string, FieldType> | undefined
  return (name) => {
    types ??= new Map(inlined(message).map(([owner, field]) => [field.json, fieldType(owner, field)]))
    return types.get(name) ?? UNTYPED
  }
}

/** The fields that JSON shows in an object of the message, each with the message that has it. */
function inlined(message: string): (readonly [string, FieldSchema])[] {
  return (messageSchema(message)?.fields ?? []).flatMap((field) =>
    field.type === 'n' ? inlined(field.message) : [[message, field] as const],
  )
}

function fieldType(owner: string, { json, cardinality, message }: FieldSchema): FieldType {
  const marks = marksOf(owner, json)
  const value = message === '' ? { ...UNTYPED, isOptional: false } : messageType(message)
  if (cardinality === '+') return { marks, isOptional: true, field: () => UNTYPED, items: value }
  if (cardinality === '%') return { marks, isOptional: true, field: () => value, items: UNTYPED }
  return message === '' ? { ...value, marks } : messageType(message, marks, cardinality === '*')
}

/** What structural schemas say of merging: k8s.io/apiextensions-apiserver, `x-kubernetes-list-type` and its like. */
function customType(schema: object | undefined): FieldType {
  const root = schemaType(schema)
  const metadata = messageType('meta/v1.ObjectMeta')
  return { ...root, isOptional: false, field: (name) => (name === 'metadata' ? metadata : root.field(name)) }
}

function schemaType(schema: unknown): FieldType {
  if (!isMap(schema)) return UNTYPED
  const keys = schema['x-kubernetes-list-map-keys']
  const listType = schema['x-kubernetes-list-type']
  const marks: MergeMarks = {
    ...NO_MARKS,
    isAtomic: schema['x-kubernetes-map-type'] === 'atomic',
    ...(listType === 'map' && Array.isArray(keys) ? { listKeys: keys as string[] } : {}),
    isSet: listType === 'set',
  }
  return {
    marks,
    isOptional: true,
    field: (name) => schemaType(valueOf(schema['properties'], name) ?? schema['additionalProperties']),
    get items() {
      return schemaType(schema['items'])
    },
  }
}
