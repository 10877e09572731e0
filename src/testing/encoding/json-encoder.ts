import { badRequest } from '../status.ts'
import { type EncodeField, type EncodePlan, encodePlan } from './encode-plan.ts'
import { escapeForHtml, goText, sortedKeysOf } from './go-text.ts'
import { canonicalDuration, canonicalMicroTime, canonicalTime } from './go-values.ts'
import { canonicalQuantity } from './quantity.ts'

type Fields = { readonly [name: string]: unknown }

/**
 * An object of a built-in kind as Go writes it: its fields in the order of the struct, the maps by their
 * keys, what Go leaves out left out, what Go always writes written, and what the type does not have
 * dropped. Quantities, dates and durations are put in the form that Go gives them. `before` are fields that
 * come first, without a comma at their end.
 *
 * @throws {ApiError} 400 where a value is not of the type of its field
 */
export function typedJson(message: string, value: object, before = ''): string {
  const plan = encodePlan(message)
  return `{${fieldsJson(plan, asObject(value, plan.name), before)}}`
}

function messageJson(plan: EncodePlan, value: unknown): string {
  if (plan.isList) return listJson(plan.fields[0] as EncodeField, value)
  return `{${fieldsJson(plan, asObject(value, plan.name), '')}}`
}

/** The fields behind what is there, without braces: those of an embedded struct lie among the others. */
function fieldsJson(plan: EncodePlan, value: Fields, before: string): string {
  let text = before
  for (const field of plan.fields) {
    if (field.type === 'n') {
      text = fieldsJson(field.plan(), value, text)
      continue
    }
    const json = fieldJson(field, value[field.json])
    if (json !== undefined) text += text === '' ? field.key + json : `,${field.key}${json}`
  }
  return text
}

/** The value of a field, or undefined where Go leaves it out. */
function fieldJson(field: EncodeField, value: unknown): string | undefined {
  if (value === undefined || value === null) return field.omit === '!' ? absentJson(field) : undefined
  switch (field.cardinality) {
    case '+': {
      const json = listJson(field, value)
      if (json !== '[]') return json
      return field.omit === '' ? undefined : emptyJson(field, json)
    }
    case '%': {
      const json = mapJson(field, asObject(value, field.json))
      if (json !== '{}') return json
      return field.omit === '' ? undefined : emptyJson(field, json)
    }
    default: {
      const json = valueJson(field, value)
      if (field.cardinality === '*' || field.omit === '!') return json
      return isEmpty(json) ? undefined : json
    }
  }
}

function emptyJson(field: EncodeField, empty: string): string {
  return field.keepsEmpty ? empty : 'null'
}

const EMPTY = new Set(['""', '0', 'false', 'null'])

function isEmpty(json: string): boolean {
  return json.length <= 5 && EMPTY.has(json)
}

const ABSENT: { readonly [type: string]: string } = { s: '""', b: 'false', i: '0', l: '0', d: '0', D: '"0s"', Q: '"0"' }

/** What Go writes for a field that it always writes and that is not there. */
function absentJson({ cardinality, type, plan }: EncodeField): string {
  if (cardinality !== '') return 'null'
  if (type === 'm' || type === 'k') return plan().isList ? 'null' : messageJson(plan(), {})
  return type === 'I' ? '0' : type === 'B' ? 'false' : (ABSENT[type] ?? 'null')
}

function listJson(field: EncodeField, value: unknown): string {
  if (!Array.isArray(value)) throw mismatch(field.json, 'an array', value)
  let text = ''
  for (const [index, item] of value.entries()) text += (index === 0 ? '' : ',') + elementJson(field, item)
  return `[${text}]`
}

function mapJson(field: EncodeField, map: Fields): string {
  let text = ''
  for (const key of sortedKeysOf(map)) {
    const child = map[key]
    if (child !== undefined) text += `${text === '' ? '' : ','}${goText(key)}:${elementJson(field, child)}`
  }
  return `{${text}}`
}

/** Of a list or a map, where what is not there is written as its zero value. */
function elementJson(field: EncodeField, value: unknown): string {
  if (value !== undefined && value !== null) return valueJson(field, value)
  if (field.type === 'm' || field.type === 'k') return messageJson(field.plan(), field.plan().isList ? [] : {})
  return absentJson({ ...field, cardinality: '' })
}

function valueJson(field: EncodeField, value: unknown): string {
  switch (field.type) {
    case 's':
    case 'y':
      return goText(asText(field, value))
    case 'm':
      return messageJson(field.plan(), value)
    case 'k':
      return kindedJson(field.plan(), value)
    case 'i':
    case 'l':
      return integerJson(field, value)
    case 'b':
    case 'd':
      return scalarJson(field, value)
    case 'I':
      return typeof value === 'string' ? goText(value) : integerJson(field, value)
    default:
      return specialJson(field, value)
  }
}

function kindedJson(plan: EncodePlan, value: unknown): string {
  const { kind = '', apiVersion = '' } = plan.kind ?? {}
  const head = `"kind":${goText(kind)},"apiVersion":${goText(apiVersion)}`
  return `{${fieldsJson(plan, asObject(value, plan.name), head)}}`
}

function integerJson(field: EncodeField, value: unknown): string {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw mismatch(field.json, 'an integer', value)
  return value === 0 ? '0' : value.toFixed()
}

function scalarJson(field: EncodeField, value: unknown): string {
  const type = field.type === 'b' ? 'boolean' : 'number'
  if (typeof value !== type) throw mismatch(field.json, `a ${type}`, value)
  return Object.is(value, -0) ? '-0' : JSON.stringify(value)
}

function specialJson(field: EncodeField, value: unknown): string {
  switch (field.type) {
    case 'T':
      return canonical(field, canonicalTime(asText(field, value)), value)
    case 'U':
      return canonical(field, canonicalMicroTime(asText(field, value)), value)
    case 'D':
      return canonical(field, canonicalDuration(asText(field, value)), value)
    case 'Q':
      return canonical(
        field,
        canonicalQuantity(typeof value === 'number' ? String(value) : asText(field, value)),
        value,
      )
    case 'A':
      return Array.isArray(value)
        ? `[${value.map((item) => schemaJson(field, item)).join(',')}]`
        : schemaJson(field, value)
    case 'B':
      return typeof value === 'boolean' ? String(value) : schemaJson(field, value)
    case 'C':
      return Array.isArray(value) ? escapeForHtml(JSON.stringify(value)) : schemaJson(field, value)
    default: // FieldsV1, RawExtension and JSON are kept as they came
      return escapeForHtml(JSON.stringify(value))
  }
}

function schemaJson({ message }: EncodeField, value: unknown): string {
  return messageJson(encodePlan(message), value)
}

function canonical(field: EncodeField, text: string | null | undefined, value: unknown): string {
  if (text === undefined) throw mismatch(field.json, FORMS[field.type] ?? '', value)
  return text === null ? 'null' : goText(text)
}

const FORMS: { readonly [type: string]: string } = { T: 'a date', U: 'a date', D: 'a duration', Q: 'a quantity' }

function asText(field: EncodeField, value: unknown): string {
  if (typeof value !== 'string') throw mismatch(field.json, 'a string', value)
  return value
}

function asObject(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(name, 'an object', value)
  return value as Fields
}

function mismatch(field: string, wanted: string, value: unknown): Error {
  const found = Array.isArray(value) ? 'array' : typeof value
  return badRequest(`json: cannot unmarshal ${found} into field ${field}: it takes ${wanted}`)
}
