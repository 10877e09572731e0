import { messageSchema } from '../../../src/decode/protobuf/schema.ts'
import type { FieldNode } from '../fields.ts'
import { fieldKey, type Harvest } from './harvest.ts'
import { HINTS } from './hints.ts'
import type { OpenApi } from './open-api.ts'
import { wordsFor } from './words.ts'

const SCALARS: Readonly<Record<string, readonly unknown[]>> = {
  y: [Buffer.from('kubeflume \u2603').toString('base64')],
  b: [true, false],
  i: [1, 2, 5, 80, 443, 600, 1000, 50_000, -1, 0],
  l: [1, 2, 30, 600, 3600, 100_000, 2 ** 40, -1, 0],
  d: [0.5, 1, 12.25, 1e21],
  T: ['2024-01-02T03:04:05Z', '2031-12-31T23:59:59Z'],
  U: ['2024-01-02T03:04:05.678901Z'],
  D: ['1h2m3s', '5s', '30s', '300ms'],
  Q: ['1', '2Gi', '1500m', '100m', '10Gi', '0'],
  I: ['25%', 1, 8080, 'http', '1'],
  R: [{ apiVersion: 'example.com/v1', kind: 'Kf', depth: [{ kept: 'as it is', number: 1.5, none: null }] }],
  F: [{ 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } } }],
  J: [{ kept: ['as it is', 1.5, null, true] }, 'text', 1],
  A: [{ type: 'string' }],
  B: [{ type: 'string' }, true],
  C: [['kf']],
}

const MAP_KEYS = ['kf', 'example.com/kf', 'cpu', 'memory', 'kf.txt']

/** Makes values that a field may take: hints first, then what was taken before, then by type and name. */
export class ValueMaker {
  readonly #openApi: OpenApi
  readonly #harvest: Harvest

  constructor(openApi: OpenApi, harvest: Harvest) {
    this.#openApi = openApi
    this.#harvest = harvest
  }

  /** Values of the whole field: arrays and maps where it is one. */
  candidates(node: FieldNode): unknown[] {
    const shaped = this.#elements(node).flatMap((element) => shapes(node, element))
    const all = [...(HINTS[fieldKey(node)] ?? []), ...this.#harvest.ofField(node).slice(0, 4), ...shaped]
    if (node.cardinality === '+' && node.children.length === 0) all.unshift(...this.#pairs(node))
    return distinct(all)
  }

  /** More than the least, for a field that the smallest objects have. */
  rich(node: FieldNode): unknown[] {
    const taken = node.children.length === 0 ? [] : this.#harvest.ofField(node).slice(0, 2)
    return distinct([...taken, ...(HINTS[fieldKey(node)] ?? [])])
  }

  /** What the server took as the message of this field elsewhere. */
  taken(node: FieldNode): unknown[] {
    return this.#harvest.ofMessage(node)
  }

  /** One element with only the fields that the server calls required. */
  minimal(node: FieldNode, depth = 0): unknown {
    if (node.children.length === 0) return this.#scalars(node)[0]
    const required = new Set(this.#openApi.required(node.field.message))
    const entries = node.children
      .filter(({ json }) => required.has(json) && depth < 6)
      .map((child) => [child.json, HINTS[fieldKey(child)]?.[0] ?? shapes(child, this.minimal(child, depth + 1))[0]])
    return structuredClone(Object.fromEntries(entries))
  }

  #elements(node: FieldNode): unknown[] {
    if (node.children.length === 0) return [...this.#scalars(node)]
    const minimal = this.minimal(node) as object
    // for a message of which at least one field must be set
    const withOne = node.children
      .slice(0, 8)
      .map((child) => Object.assign(structuredClone(minimal), { [child.json]: this.#first(child) }))
    return [...this.#harvest.ofMessage(node).slice(0, 3), minimal, ...withOne]
  }

  #first(node: FieldNode): unknown {
    return HINTS[fieldKey(node)]?.[0] ?? shapes(node, this.minimal(node))[0]
  }

  #scalars(node: FieldNode): readonly unknown[] {
    const { type, message } = node.field
    if (type === 's') return [...this.#openApi.words(node), ...wordsFor(node.json)]
    // no children: a named slice, a message without fields, or one that is inside itself
    if (type === 'm' || type === 'k') return messageSchema(message)?.isList === true ? [['kf']] : [{}]
    return SCALARS[type] ?? []
  }

  /** Two elements, so that repeated fields repeat. */
  #pairs(node: FieldNode): unknown[][] {
    const [first, second] = distinct([...this.#scalars(node)])
    if (first === undefined || second === undefined || isList(node)) return []
    return [[first, second]]
  }
}

function isList({ field }: FieldNode): boolean {
  return messageSchema(field.message)?.isList === true
}

/** The field's value with this one element. */
function shapes(node: FieldNode, element: unknown): unknown[] {
  if (node.cardinality === '+') return [isList(node) ? element : [element]]
  if (node.cardinality === '%') return MAP_KEYS.map((key) => ({ [key]: element }))
  return [element]
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}
