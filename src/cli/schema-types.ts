import type { Definition, Path } from './definition.ts'
import { docComment } from './doc-comment.ts'
import { literal, type Names, pascalCase, propertyName } from './names.ts'
import { flawOf, isMap, type Schema } from './schema.ts'

/** The members of a union. */
type Type = readonly string[]

/** Where a schema is, and what an interface of it would be called. */
interface Place {
  readonly name: string
  readonly path: Path
  /** An element of an array or a map, which no property describes. */
  readonly isElement?: boolean
}

/** What a schema leaves open, as the module calls it. */
export const ANY_JSON = 'Json'

/** Where a line is broken, if it can be. */
export const LINE_WIDTH = 120
/** Deeper than any schema that is meant; what an alias that contains itself comes to. */
const MAX_DEPTH = 64
const TEXT: Schema = { type: 'string' }
const OPEN: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

/** Writes interfaces for the schemas of one module: one for each object, a type for each enum. */
export class SchemaTypes {
  /** In order: an interface stands before those of its properties. */
  readonly declarations: string[] = []
  #namesAnyJson = false
  readonly #definition: Definition
  readonly #names: Names

  constructor(definition: Definition, names: Names) {
    this.#definition = definition
    this.#names = names
  }

  /** Whether `Json` is named in the declarations. */
  get namesAnyJson(): boolean {
    return this.#namesAnyJson
  }

  /** Writes the interface of a whole object: `metadata` is that of every object, whatever the schema says of it. */
  declareObject(schema: unknown, { name, path }: Place, apiVersion: string, deprecation: string | undefined): void {
    const { kind } = this.#definition
    const checked = schema === undefined ? OPEN : this.#check(schema, path)
    const { apiVersion: _, kind: __, metadata: ___, ...properties } = checked.properties ?? {}
    const fixed = `  apiVersion: ${literal(apiVersion)}\n  kind: ${literal(kind)}\n`
    const tags = deprecation === undefined ? [] : [`@deprecated ${deprecation}`]
    const comment = docComment(checked.description ?? '', tags, '')
    this.#declare(comment, `export interface ${name} extends KubernetesObject`, () => [
      fixed,
      ...this.#members({ ...checked, properties }, { name, path }),
    ])
  }

  #typeOf(value: unknown, place: Place): Type {
    const schema = this.#check(value, place.path)
    const type = this.#nonNull(schema, place)
    return schema.nullable && !type.includes('null') ? [...type, 'null'] : type
  }

  #nonNull(schema: Schema, place: Place): Type {
    if (schema.enum !== undefined) return [this.#declareEnum(schema, schema.enum, place)]
    if (schema['x-kubernetes-int-or-string']) return ['number', 'string']
    if (schema['x-kubernetes-embedded-resource']) return [this.#declareInterface(embedded(schema), place)]
    switch (schema.type) {
      case 'string':
      case 'boolean':
        return [schema.type]
      case 'integer':
      case 'number':
        return ['number']
      case 'array':
        return [
          arrayOf(schema.items === undefined ? [this.#anyJson()] : this.#typeOf(schema.items, below(place, 'items'))),
        ]
      default:
        return hasProperties(schema) ? [this.#declareInterface(schema, place)] : this.#map(schema, place)
    }
  }

  #map(schema: Schema, place: Place): Type {
    const { additionalProperties } = schema
    if (isMap(additionalProperties)) {
      return [
        `{ [key: string]: ${this.#typeOf(additionalProperties, below(place, 'additionalProperties')).join(' | ')} }`,
      ]
    }
    if (schema.type === undefined && schema.properties === undefined) return [this.#anyJson()]
    return [`{ [key: string]: ${isOpen(schema) ? this.#anyJson() : 'never'} }`]
  }

  #declareInterface(schema: Schema, place: Place): string {
    const name = this.#names.claim(place.name)
    const { path } = place
    this.#declare(elementComment(schema, place), `export interface ${name}`, () =>
      this.#members(schema, { name, path }),
    )
    return name
  }

  #declareEnum(schema: Schema, values: readonly unknown[], place: Place): string {
    if (values.some((value) => typeof value === 'object' && value !== null)) {
      return this.#fail([...place.path, 'enum'], 'an enum of objects')
    }
    const name = this.#names.claim(place.name)
    const members = [...new Set(values.map(literal))]
    this.declarations.push(`${elementComment(schema, place)}${enumType(name, members)}\n`)
    return name
  }

  /** Keeps the place of the interface before those that its members declare. */
  #declare(comment: string, head: string, members: () => readonly string[]): void {
    const at = this.declarations.push('') - 1
    this.declarations[at] = `${comment}${head} {\n${members().join('')}}\n`
  }

  #members(schema: Schema, { name, path }: Place): string[] {
    const required = new Set(schema.required)
    const members = Object.entries(schema.properties ?? {}).map(([key, value]) => {
      const place = { name: name + pascalCase(key), path: [...path, 'properties', key] }
      const type = this.#typeOf(value, place).join(' | ')
      return `${commentOf(value)}  ${propertyName(key)}${required.has(key) ? '' : '?'}: ${type}\n`
    })
    return isOpen(schema) ? [...members, `  [key: string]: ${this.#anyJson()} | undefined\n`] : members
  }

  #anyJson(): string {
    this.#namesAnyJson = true
    return ANY_JSON
  }

  #check(value: unknown, path: Path): Schema {
    if (path.length > MAX_DEPTH * 2) return this.#fail(path.slice(0, MAX_DEPTH), 'the schema is nested too deeply')
    const flaw = flawOf(value)
    return flaw === undefined ? (value as Schema) : this.#fail(path, flaw)
  }

  #fail(path: Path, why: string): never {
    throw this.#definition.errorAt(path, why)
  }
}

function below({ name, path }: Place, step: string): Place {
  return { name, path: [...path, step], isElement: true }
}

function hasProperties({ properties = {} }: Schema): boolean {
  return Object.keys(properties).length > 0
}

/** Whether fields that the schema does not name are kept. */
function isOpen(schema: Schema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true
}

/** A whole object in a field: it has what every object has, whether or not the schema says so. */
function embedded(schema: Schema): Schema {
  return {
    ...schema,
    properties: { apiVersion: TEXT, kind: TEXT, metadata: OPEN, ...schema.properties },
    required: [...(schema.required ?? []), 'apiVersion', 'kind'],
  }
}

/** What is the type of a property is described there. */
function elementComment({ description = '' }: Schema, { isElement = false }: Place): string {
  return docComment(isElement ? description : '', [], '')
}

function arrayOf(type: Type): string {
  return type.length === 1 ? `${type[0]}[]` : `(${type.join(' | ')})[]`
}

function commentOf(value: unknown): string {
  const { description = '', default: byDefault } = value as Schema
  return docComment(description, byDefault === undefined ? [] : [`@default ${JSON.stringify(byDefault)}`], '  ')
}

/** On one line where it fits. */
function enumType(name: string, members: readonly string[]): string {
  const line = `export type ${name} = ${members.join(' | ')}`
  if (line.length <= LINE_WIDTH || members.length === 1) return line
  return [`export type ${name} =`, ...members.map((each) => `  | ${each}`)].join('\n')
}
