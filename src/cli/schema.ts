/** A structural schema, as far as it decides the type of a value: validations that only narrow values are not in it. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly properties?: { readonly [property: string]: Schema }
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly nullable?: boolean
  readonly default?: unknown
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
}

/** What is wrong with the schema itself, not with what it says of its parts; undefined where that is nothing. */
export function flawOf(value: unknown): string | undefined {
  if (!isMap(value)) return 'a schema is an object'
  if ('$ref' in value) return '$ref is not allowed in the schema of a CustomResourceDefinition'
  for (const [field, isRight, expected] of FIELDS) {
    if (value[field] !== undefined && !isRight(value[field])) return `${field} is no ${expected}`
  }
  return undefined
}

export function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const TYPES: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean'])
const isType = (value: unknown): boolean => TYPES.has(value)
const isText = (value: unknown): boolean => typeof value === 'string'
const isSwitch = (value: unknown): boolean => typeof value === 'boolean'
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText)

const FIELDS: readonly (readonly [keyof Schema, (value: unknown) => boolean, string])[] = [
  ['type', isType, 'type of JSON'],
  ['description', isText, 'text'],
  ['properties', isMap, 'object'],
  ['required', isTextList, 'list of names'],
  ['enum', (value) => Array.isArray(value) && value.length > 0, 'list of values'],
  ['nullable', isSwitch, 'boolean'],
  ['x-kubernetes-int-or-string', isSwitch, 'boolean'],
  ['x-kubernetes-preserve-unknown-fields', isSwitch, 'boolean'],
  ['x-kubernetes-embedded-resource', isSwitch, 'boolean'],
]
