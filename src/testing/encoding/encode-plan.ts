import { KubeflumeError } from '../../api/errors.ts'
import { type FieldSchema, kindOfMessage, type KindSchema, messageSchema } from '../../decode/protobuf/schema.ts'

/** One field of a Go struct, with what both encoders need of it at hand. */
export interface EncodeField extends FieldSchema {
  /** `"name":` */
  readonly key: string
  /** With the wire type of the field. */
  readonly tag: number
  /** An empty list or map is written as such: see {@link keepsEmpty}. */
  readonly keepsEmpty: boolean
  /** The plan of the field's message, compiled at its first use: messages contain each other. */
  readonly plan: () => EncodePlan
}

export interface EncodePlan {
  readonly name: string
  /** In Go's order, which is JSON's. */
  readonly fields: readonly EncodeField[]
  /** By number, the last one first: protobuf is written from its end. */
  readonly fromLast: readonly EncodeField[]
  /** A Go slice: an array in JSON, a message with one field in protobuf. */
  readonly isList: boolean
  /** Set where the message is the one of a kind. */
  readonly kind: KindSchema | undefined
}

const WIRE_TYPES: { readonly [type: string]: number | undefined } = { b: 0, i: 0, l: 0, d: 1 }
const LENGTH_DELIMITED = 2

const plans = new Map<string, EncodePlan>()

/** How Go writes a message of the schema, `'core/v1.Pod'`. Compiled once. */
export function encodePlan(name: string): EncodePlan {
  let plan = plans.get(name)
  if (plan === undefined) {
    plan = compile(name)
    plans.set(name, plan)
  }
  return plan
}

function compile(name: string): EncodePlan {
  const schema = messageSchema(name)
  if (schema === undefined) throw new KubeflumeError('ERR_UNEXPECTED_KIND', `no protobuf message ${name}`)
  const fields = schema.fields.map((field) => encodeField(field, keepsEmpty(name)))
  const fromLast = fields.toSorted((a, b) => b.number - a.number)
  return { name, fields, fromLast, isList: schema.isList, kind: kindOfMessage(name) }
}

function encodeField(field: FieldSchema, keepsEmptyLists: boolean): EncodeField {
  const wireType = field.cardinality === '%' ? LENGTH_DELIMITED : (WIRE_TYPES[field.type] ?? LENGTH_DELIMITED)
  let plan: EncodePlan | undefined
  return {
    ...field,
    key: `${JSON.stringify(field.json)}:`,
    tag: field.number * 8 + wireType,
    keepsEmpty: keepsEmptyLists,
    plan: () => (plan ??= encodePlan(field.message)),
  }
}

/**
 * etcd holds most built-in objects in protobuf, which does not tell an empty list from none: what comes
 * back is `null`. Definitions of custom resources and API services are held in JSON, which does.
 */
function keepsEmpty(message: string): boolean {
  return message.startsWith('apiextensions/') || message.startsWith('apiregistration/')
}
