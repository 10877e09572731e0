import { type FieldNode, isRecord } from '../fields.ts'
import { type ObjectPath, setAt, valueAt } from '../object-path.ts'

/** Where in the object the node's field has its places: one for each element that it may be in. */
export function holdersOf(object: unknown, node: FieldNode): ObjectPath[] {
  const { parent } = node
  if (parent === undefined) return [[]]
  return holdersOf(object, parent).flatMap((holder) => {
    const path: (string | number)[] = [...holder, parent.json]
    const value = valueAt(object, path)
    if (parent.cardinality === '+' && Array.isArray(value)) return value.map((_, index) => path.concat(index))
    if (parent.cardinality === '%' && isRecord(value)) return Object.keys(value).map((key) => path.concat(key))
    return isRecord(value) ? [path] : []
  })
}

/** From the root to the node's parent. */
export function ancestorsOf(node: FieldNode): FieldNode[] {
  return node.parent === undefined ? [] : [...ancestorsOf(node.parent), node.parent]
}

/** Makes one element of a message. */
export type Seed = (node: FieldNode) => unknown

/** Adds what is missing on the way from `from` down to the last of `chain`, and returns where that is. */
export function growChain(object: unknown, from: ObjectPath, chain: readonly FieldNode[], seed: Seed): ObjectPath {
  let at = from
  for (const node of chain) {
    const path = [...at, node.json]
    if (isEmpty(valueAt(object, path), node)) setAt(object, path, wrap(node, seed(node)))
    at = stepInto(node, valueAt(object, path), path)
  }
  return at
}

export interface Grown {
  /** Of the node's parent. */
  readonly holder: ObjectPath
  readonly element: ObjectPath
}

/** Appends an element for the nearest array above the node, with the node's place in it. */
export function growElement(object: unknown, node: FieldNode, seed: Seed): Grown | undefined {
  const chain = ancestorsOf(node)
  const at = chain.findLastIndex(({ cardinality }) => cardinality === '+')
  if (at < 0) return undefined
  const array = chain[at]!
  for (const holder of holdersOf(object, array)) {
    const elements = valueAt(object, [...holder, array.json])
    if (!Array.isArray(elements)) continue
    elements.push(renamed(seed(array), elements.length))
    const element = [...holder, array.json, elements.length - 1]
    return { element, holder: growChain(object, element, chain.slice(at + 1), seed) }
  }
  return undefined
}

function wrap({ cardinality }: FieldNode, element: unknown): unknown {
  if (cardinality === '+') return [element]
  return cardinality === '%' ? { kf: element } : element
}

function isEmpty(value: unknown, { cardinality }: FieldNode): boolean {
  if (typeof value !== 'object' || value === null) return true
  return (cardinality === '+' || cardinality === '%') && Object.keys(value).length === 0
}

/** Into the last element of an array, and the first value of a map. */
function stepInto({ cardinality }: FieldNode, value: unknown, path: ObjectPath): ObjectPath {
  if (Array.isArray(value)) return [...path, value.length - 1]
  return cardinality === '%' ? [...path, Object.keys(value as object)[0]!] : path
}

/** Names are unique among siblings nearly everywhere. */
function renamed(element: unknown, index: number): unknown {
  if (!isRecord(element) || typeof element['name'] !== 'string') return element
  const name = element['name'].replace(/-e\d+$/, '')
  return { ...element, name: /\./.test(name) ? `e${index}.${name.replace(/^e\d+\./, '')}` : `${name}-e${index}` }
}
