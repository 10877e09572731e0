import type { FieldNode } from '../fields.ts'
import { deleteAt, type ObjectPath, pathOf, setAt, valueAt } from '../object-path.ts'
import type { Cause, Probe } from './probe.ts'
import type { ValueMaker } from './value-maker.ts'

const MAX_ROUNDS = 14
/** Other values that are tried for a field inside before it is left out. */
const MAX_TURNS = 4

export interface Attempt {
  readonly object: Record<string, unknown>
  readonly result: Probe
}

export interface Repair {
  readonly nodes: readonly FieldNode[]
  readonly values: ValueMaker
  readonly probe: (object: Record<string, unknown>) => Promise<Probe>
}

/**
 * Offers the object, and mends what the server objects to inside `subtree` until it takes it: what is
 * required is filled in, what has a list of words gets one, what is forbidden goes.
 */
export async function offer(repair: Repair, original: Record<string, unknown>, subtree: ObjectPath): Promise<Attempt> {
  const object = structuredClone(original)
  const turns = new Map<string, number>()
  let result = await repair.probe(object)
  for (let round = 0; round < MAX_ROUNDS && !result.isTaken; round++) {
    let mended = 0
    for (const cause of result.causes.slice(0, 30)) if (mend(repair, object, subtree, cause, turns)) mended++
    if (mended === 0) break
    result = await repair.probe(object)
  }
  return { object, result }
}

/** Whether something was changed. */
function mend(
  { nodes, values }: Repair,
  object: Record<string, unknown>,
  subtree: ObjectPath,
  cause: Cause,
  turns: Map<string, number>,
): boolean {
  const { path, isWhole } = pathOf(object, cause.field)
  if (path.length <= subtree.length || !subtree.every((step, at) => step === path[at])) return false
  const node = nodeAt(nodes, path)
  const present = valueAt(object, path)
  const turn = turns.get(cause.field) ?? 0
  turns.set(cause.field, turn + 1)
  if (present === undefined) {
    if (!isWhole || node === undefined || turn > MAX_TURNS) return false
    setAt(object, path, structuredClone(values.candidates(node)[turn]))
    return true
  }
  if (cause.reason === 'FieldValueDuplicate' && turn < 2) {
    setAt(object, path, differentFrom(present))
    return true
  }
  const listed = [...cause.message.matchAll(/"(?<word>[^"]+)"/g)].map(({ groups }) => groups!['word']!).slice(1)
  const others = cause.reason === 'FieldValueNotSupported' ? listed : node && values.candidates(node).slice(0, 12)
  const isForbidden = cause.reason === 'FieldValueForbidden' || cause.message.includes('orbidden')
  if (isForbidden || others === undefined || turn >= Math.min(MAX_TURNS, others.length)) deleteAt(object, path)
  else {
    const other = structuredClone(others[turn])
    setAt(object, path, node?.cardinality === '+' && !Array.isArray(other) ? [other] : other)
  }
  return true
}

function differentFrom(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'string') return `${value}-2`
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    /name$|key$/i.test(key) ? differentFrom(inner) : inner,
  ])
  return Object.fromEntries(entries)
}

/** The field at the path; undefined for what is inside one: an element, a map's value. */
function nodeAt(nodes: readonly FieldNode[], path: ObjectPath): FieldNode | undefined {
  let level = nodes
  let node: FieldNode | undefined
  for (let at = 0; at < path.length; at++) {
    node = level.find(({ json }) => json === path[at])
    if (node === undefined) return undefined
    const hasLevel = node.cardinality === '+' || node.cardinality === '%'
    if (hasLevel && at + 1 < path.length) {
      at++
      if (at === path.length - 1) return undefined
    }
    level = node.children
  }
  return node
}
