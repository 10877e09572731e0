import { KubeflumeError } from '../../api/errors.ts'
import type { MessageReader } from './hot-runtime.ts'
import { type FieldSchema, kindOfMessage, messageSchema } from './schema.ts'

/**
 * What the decoder does with one field when its tag comes by. `slot` is its place among the values of the
 * message, which are put together in Go's order once all fields are read.
 */
export interface FieldPlan {
  readonly type: string
  readonly number: number
  readonly slot: number
  /** `'packed'` is the other way to send a slice of numbers. */
  readonly cardinality: '' | '*' | '+' | '%' | 'packed'
  /** An empty value is as good as none: Go leaves it out. */
  readonly omitsEmpty: boolean
  /** The key of the message's plan. */
  readonly message: string
  /** That plan, from its first use on. */
  plan: MessagePlan | undefined
}

export interface MessagePlan {
  readonly name: string
  /** By tag: number * 8 + wire type. */
  readonly byTag: (FieldPlan | undefined)[]
  /** Field numbers of the table: with another wire type they are errors, not unknown fields. */
  readonly numbers: ReadonlySet<number>
  readonly keys: readonly string[]
  /** By slot: what JSON has where protobuf has nothing. undefined leaves the key out; a function makes a new value. */
  readonly absent: readonly (Absent | undefined)[]
  readonly isList: boolean
  /** The generated reader of this message, where it has one. */
  readonly hot: MessageReader | undefined
}
export type Absent = string | number | boolean | null | (() => unknown)

/** Makes what stands for a message of no bytes. Passed in, so that plans need not know the decoder. */
export type EmptyMessage = (plan: MessagePlan) => unknown

const LENGTH_DELIMITED = 2
const WIRE_TYPES: { readonly [type: string]: number | undefined } = { b: 0, i: 0, l: 0, d: 1 }

const ABSENT: { readonly [type: string]: Absent | undefined } = {
  s: '',
  y: null,
  b: false,
  i: 0,
  l: 0,
  d: 0,
  T: null,
  U: null,
  D: '0s',
  Q: '0',
  I: 0,
  R: null,
  F: null,
  J: null,
  A: null,
  B: false,
  C: null,
}

/** Compiles plans from the table, each on its first use. */
export class MessagePlans {
  readonly #hot: ReadonlyMap<string, MessageReader>
  readonly #empty: EmptyMessage
  readonly #byName = new Map<string, MessagePlan>()

  constructor(hot: ReadonlyMap<string, MessageReader>, empty: EmptyMessage) {
    this.#hot = hot
    this.#empty = empty
  }

  /**
   * The plan of a message of the table. Behind ` typed`, that of an object: `kind` and `apiVersion` come first.
   *
   * @throws {KubeflumeError} `ERR_UNEXPECTED_KIND` for a message that the table does not have.
   */
  get(key: string): MessagePlan {
    let plan = this.#byName.get(key)
    if (plan === undefined) {
      plan = this.#compile(key)
      this.#byName.set(key, plan)
    }
    return plan
  }

  #compile(key: string): MessagePlan {
    const name = key.replace(TYPED, '')
    const schema = messageSchema(name)
    if (schema === undefined) throw new KubeflumeError('ERR_UNEXPECTED_KIND', `no protobuf message ${name}`)
    const hot = this.#hot.get(key)
    const plan: Draft = { name, byTag: [], numbers: new Set(), keys: [], absent: [], isList: schema.isList, hot }
    const kind = key === name ? undefined : kindOfMessage(name)
    if (kind !== undefined) {
      plan.keys.push('kind', 'apiVersion')
      plan.absent.push(kind.kind, kind.apiVersion)
    }
    this.#addFields(plan, schema.fields)
    return plan
  }

  #addFields(plan: Draft, fields: readonly FieldSchema[]): void {
    for (const field of fields) {
      plan.numbers.add(field.number)
      if (field.type === 'n') {
        this.#inline(plan, field)
        continue
      }
      const slot = plan.keys.push(field.json) - 1
      plan.absent.push(this.#absent(field))
      const base = { type: field.type, number: field.number, slot, message: planKey(field), plan: undefined }
      const omitsEmpty = field.omit !== '!' && field.cardinality === ''
      const wireType = field.cardinality === '%' ? LENGTH_DELIMITED : (WIRE_TYPES[field.type] ?? LENGTH_DELIMITED)
      plan.byTag[field.number * 8 + wireType] = { ...base, cardinality: field.cardinality, omitsEmpty }
      if (field.cardinality === '+' && wireType !== LENGTH_DELIMITED) {
        plan.byTag[field.number * 8 + LENGTH_DELIMITED] = { ...base, cardinality: 'packed', omitsEmpty }
      }
    }
  }

  /** An embedded struct's fields have their slots in the struct around it, and their tags in a plan of their own. */
  #inline(plan: Draft, field: FieldSchema): void {
    const inner = messageSchema(field.message)
    if (inner === undefined) throw new KubeflumeError('ERR_UNEXPECTED_KIND', `no protobuf message ${field.message}`)
    const nested: Draft = { ...plan, name: field.message, byTag: [], numbers: new Set() }
    this.#addFields(nested, inner.fields)
    const { number, type, message } = field
    const inlined: FieldPlan = { type, number, slot: -1, cardinality: '', omitsEmpty: false, message, plan: nested }
    plan.byTag[number * 8 + LENGTH_DELIMITED] = inlined
  }

  #absent({ omit, cardinality, type, message }: FieldSchema): Absent | undefined {
    if (omit !== '!') return undefined
    if (cardinality !== '') return null
    if (type !== 'm') return ABSENT[type]
    if (messageSchema(message)?.isList) return null
    return () => this.#empty(this.get(message))
  }
}

/** What stands behind a message's name for the same message as an object of its own. */
const TYPED = ' typed'

export function typedKey(message: string): string {
  return message + TYPED
}

function planKey({ type, message }: FieldSchema): string {
  return type === 'k' ? typedKey(message) : message
}

interface Draft extends MessagePlan {
  readonly numbers: Set<number>
  readonly keys: string[]
  readonly absent: (Absent | undefined)[]
}
