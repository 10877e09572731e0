import { type FieldSchema, kindSchema, messageSchema } from '../../src/decode/protobuf/schema.ts'

/**
 * A field of a kind, at a place of its own in the kind's tree. A message that occurs inside itself
 * (JSONSchemaProps) ends the tree there: it counts as one field.
 */
export interface FieldNode {
  /** Without indexes: `spec.containers[].env[].name`, `data{}`. */
  readonly path: string
  readonly json: string
  readonly field: FieldSchema
  readonly cardinality: FieldSchema['cardinality']
  /** The message that the field is in. */
  readonly owner: string
  readonly parent: FieldNode | undefined
  readonly children: readonly FieldNode[]
}

/** The fields of the kind's message; undefined for a kind that the table does not have. */
export function fieldTree(apiVersion: string, kind: string): readonly FieldNode[] | undefined {
  const schema = kindSchema(apiVersion, kind)
  return schema && childrenOf(schema.message, undefined, [schema.message])
}

/** Parents before their children. */
export function* allFields(nodes: readonly FieldNode[]): Generator<FieldNode> {
  for (const node of nodes) {
    yield node
    yield* allFields(node.children)
  }
}

/** The paths of the fields that the object has, see `counts`. */
export function coveredPaths(nodes: readonly FieldNode[], object: unknown, into: Set<string> = new Set()): Set<string> {
  for (const node of nodes) {
    const value = (object as Readonly<Record<string, unknown>>)[node.json]
    if (!counts(node, value)) continue
    into.add(node.path)
    for (const element of elementsOf(node.cardinality, value)) {
      if (isRecord(element)) coveredPaths(node.children, element, into)
    }
  }
  return into
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Whether the value shows that the field is read. A zero value does so only where it differs from no
 * value at all, behind a pointer: some fields are sent whether they are set or not.
 */
function counts({ cardinality }: FieldNode, value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (cardinality === '*') return true
  if (value === '' || value === 0 || value === false) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

function elementsOf(cardinality: FieldSchema['cardinality'], value: unknown): readonly unknown[] {
  if (cardinality === '%') return isRecord(value) ? Object.values(value) : []
  return Array.isArray(value) ? value : [value]
}

function childrenOf(message: string, parent: FieldNode | undefined, stack: readonly string[]): FieldNode[] {
  const nodes: FieldNode[] = []
  for (const field of messageSchema(message)?.fields ?? []) {
    if (field.type === 'n') nodes.push(...childrenOf(field.message, parent, stack))
    else nodes.push(nodeOf(field, message, parent, stack))
  }
  return nodes
}

function nodeOf(field: FieldSchema, owner: string, parent: FieldNode | undefined, stack: readonly string[]): FieldNode {
  const isMessage = field.type === 'm' || field.type === 'k'
  // a named slice (ExtraValue): an array of strings, or a map of such arrays
  const isList = isMessage && messageSchema(field.message)?.isList === true
  const cardinality = isList && field.cardinality !== '%' ? '+' : field.cardinality
  const suffix = cardinality === '+' ? '[]' : cardinality === '%' ? '{}' : ''
  const path = `${parent === undefined ? '' : `${parent.path}.`}${field.json}${suffix}`
  const children: FieldNode[] = []
  const node: FieldNode = { path, json: field.json, field, cardinality, owner, parent, children }
  if (isMessage && !isList && !stack.includes(field.message)) {
    children.push(...childrenOf(field.message, node, [...stack, field.message]))
  }
  return node
}
