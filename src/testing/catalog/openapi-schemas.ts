import type { Resource } from '../../api/resource.ts'
import { messageOf } from '../encoding/encoding.ts'
import { type FieldSchema, messageSchema } from '../../decode/protobuf/schema.ts'
import { marksOf } from '../writes/merge-marks.ts'
import type { ServedResource } from './registry.ts'

const METADATA = 'meta/v1.ObjectMeta'

/** A name as it may stand in a document: `core.v1.Pod` for `core/v1.Pod`. */
function nameOf(message: string): string {
  return message.replaceAll('/', '.')
}

/** `com.example.v1.Widget`, as for the Go types of others. */
function customName({ group, version, kind }: Resource): string {
  return [...group.split('.').toReversed(), version, kind].join('.')
}

/** Gathers the schemas that one document needs, each once. */
export class SchemaCollector {
  readonly #schemas = new Map<string, object>()

  all(): object {
    return Object.fromEntries(this.#schemas)
  }

  /** Adds the schema of a resource's objects and returns the reference to it. */
  addKind(served: ServedResource): string {
    const { group, version, kind } = served.resource
    const message = messageOf(served)
    const key = message === undefined ? customName(served.resource) : nameOf(message)
    const schema =
      message === undefined ? this.#customSchema(served) : { type: 'object', properties: this.#fieldsOf(message) }
    const properties = { apiVersion: { type: 'string' }, kind: { type: 'string' }, ...schema.properties }
    const mark = { 'x-kubernetes-group-version-kind': [{ group, version, kind }] }
    this.#schemas.set(key, { ...schema, properties, ...mark })
    return `#/components/schemas/${key}`
  }

  #customSchema({ definition }: ServedResource): { readonly properties?: object } {
    const schema = (definition?.schema?.openAPIV3Schema ?? { type: 'object' }) as { readonly properties?: object }
    return { ...schema, properties: { ...schema.properties, metadata: { allOf: [this.#reference(METADATA)] } } }
  }

  #reference(message: string): { readonly $ref: string } {
    const key = nameOf(message)
    if (!this.#schemas.has(key)) {
      this.#schemas.set(key, {}) // messages contain each other
      const atomic = marksOf(message, undefined).isAtomic ? { 'x-kubernetes-map-type': 'atomic' } : {}
      this.#schemas.set(key, { type: 'object', properties: this.#fieldsOf(message), ...atomic })
    }
    return { $ref: `#/components/schemas/${key}` }
  }

  #fieldsOf(message: string): object {
    const fields = messageSchema(message)?.fields ?? []
    return Object.fromEntries(
      fields.flatMap((field) =>
        field.type === 'n'
          ? Object.entries(this.#fieldsOf(field.message))
          : [[field.json, this.#fieldOf(message, field)]],
      ) as [string, object][],
    )
  }

  #fieldOf(owner: string, field: FieldSchema): object {
    const value = field.message === '' ? scalarOf(field.type) : { allOf: [this.#reference(field.message)] }
    if (field.cardinality === '%') return { type: 'object', additionalProperties: value }
    if (field.cardinality === '+') return { type: 'array', items: value, ...listMarks(owner, field.json) }
    const { retainsKeys } = marksOf(owner, field.json)
    return retainsKeys ? { ...value, 'x-kubernetes-patch-strategy': 'retainKeys' } : value
  }
}

function listMarks(message: string, field: string): object {
  const { mergesList, mergeKey, retainsKeys, listKeys, isSet } = marksOf(message, field)
  const strategy = [...(mergesList ? ['merge'] : []), ...(retainsKeys ? ['retainKeys'] : [])].join(',')
  return {
    ...(strategy === '' ? {} : { 'x-kubernetes-patch-strategy': strategy }),
    ...(mergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': mergeKey }),
    ...(listKeys === undefined ? {} : { 'x-kubernetes-list-map-keys': listKeys }),
    'x-kubernetes-list-type': isSet ? 'set' : listKeys === undefined ? 'atomic' : 'map',
  }
}

/** By the letters of the decoder's schema; what is not here is any object. */
const SCALARS: { readonly [type: string]: object } = {
  s: { type: 'string' },
  y: { type: 'string', format: 'byte' },
  b: { type: 'boolean' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  d: { type: 'number', format: 'double' },
  T: { type: 'string', format: 'date-time' },
  U: { type: 'string', format: 'date-time' },
  D: { type: 'string' },
  Q: { type: 'string' },
  I: { type: 'string', format: 'int-or-string' },
}

function scalarOf(type: string): object {
  return SCALARS[type] ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
}
