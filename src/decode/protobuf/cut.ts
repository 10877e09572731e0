import type { OmitTree } from '../omit.ts'
import { asBuffer } from '../json/bytes.ts'
import { LENGTH_DELIMITED, walkFields } from './fields.ts'
import { kindSchema, messageSchema } from './schema.ts'

/** What is done with the fields of one message: cut them, or look inside. */
export interface CutPlan {
  /** By field number: every field of every object is looked up, and a Map takes as long for one as to read over it. */
  readonly fields: readonly ('cut' | CutPlan | undefined)[]
  /** Where the message is an entry of a map: what is done with it, by its key. */
  readonly entries?: ReadonlyMap<string, 'cut' | CutPlan>
}

/** A replacement of bytes: what was cut, or the length of a message that has become shorter. */
interface Edit {
  readonly start: number
  readonly end: number
  /** What stands there instead, as a varint; undefined: nothing. */
  readonly length: number | undefined
}

const OBJECT_META = 'meta/v1.ObjectMeta'

/**
 * Turns the paths to omit into field numbers; undefined where nothing is cut. A kind that the table does
 * not have is cut in its metadata alone, which is the same in all kinds.
 */
export function cutPlan(tree: OmitTree | undefined, apiVersion: string, kind: string): CutPlan | undefined {
  if (tree === undefined) return undefined
  const schema = kindSchema(apiVersion, kind)
  if (schema !== undefined) return planOf(tree, schema.message)
  const metadata = tree.children.get('metadata')
  const plan = metadata === undefined ? undefined : planOf(metadata, OBJECT_META)
  return plan && { fields: [undefined, plan] }
}

function planOf(tree: OmitTree, message: string): CutPlan | undefined {
  const fields: ('cut' | CutPlan | undefined)[] = []
  for (const field of messageSchema(message)?.fields ?? []) {
    // an embedded struct has its fields in JSON among those of the struct around it
    const child = field.type === 'n' ? tree : tree.children.get(field.json)
    if (child === undefined) continue
    const plan = child.isLeaf
      ? 'cut'
      : field.cardinality === '%'
        ? mapPlan(child, field.message)
        : planOf(child, field.message)
    if (plan !== undefined) fields[field.number] = plan
  }
  return fields.length === 0 ? undefined : { fields: Array.from(fields) }
}

/** A map is a list of entries with the key in field 1 and the value in field 2. */
function mapPlan(tree: OmitTree, message: string): CutPlan | undefined {
  const entries = new Map<string, 'cut' | CutPlan>()
  for (const [key, child] of tree.children) {
    const inner = child.isLeaf ? undefined : planOf(child, message)
    if (child.isLeaf) entries.set(key, 'cut')
    else if (inner !== undefined) entries.set(key, { fields: [undefined, undefined, inner] })
  }
  return entries.size === 0 ? undefined : { fields: [], entries }
}

/**
 * Copies the message without what the plan cuts, the lengths of what is around it made right. The result
 * shares no memory with `bytes`.
 */
export function copyWithout(
  bytes: Uint8Array,
  plan: CutPlan | undefined,
  allocate: (length: number) => Uint8Array,
): Uint8Array {
  const edits: Edit[] = []
  const removed = plan === undefined ? 0 : collect(bytes, 0, bytes.length, plan, edits)
  const copy = allocate(bytes.length - removed)
  const source = asBuffer(bytes) // it copies a part of itself without an object for the part
  let from = 0
  let to = 0
  for (const edit of edits) {
    to += source.copy(copy, to, from, edit.start)
    if (edit.length !== undefined) to = writeVarint(copy, to, edit.length)
    from = edit.end
  }
  source.copy(copy, to, from)
  return copy
}

/** Adds the edits of one message, in order, and returns by how many bytes it becomes shorter. */
function collect(bytes: Uint8Array, from: number, to: number, plan: CutPlan, edits: Edit[]): number {
  let removed = 0
  walkFields(bytes, from, to, (number, wireType, start, end, fieldStart) => {
    const action = number < plan.fields.length ? actionOf(plan.fields[number], bytes, start, end) : undefined
    if (action === undefined) return
    if (action === 'cut') {
      edits.push({ start: fieldStart, end, length: undefined })
      removed += end - fieldStart
    } else if (wireType === LENGTH_DELIMITED) {
      removed += collectInside(bytes, fieldStart, start, end, action, edits)
    }
  })
  return removed
}

function collectInside(
  bytes: Uint8Array,
  fieldStart: number,
  start: number,
  end: number,
  plan: CutPlan,
  edits: Edit[],
): number {
  const place = edits.length
  const removed = collect(bytes, start, end, plan, edits)
  if (removed === 0) return 0
  const length = end - start - removed
  let lengthStart = fieldStart + 1
  while (bytes[lengthStart - 1]! >= 0x80) lengthStart++ // behind the tag
  edits.splice(place, 0, { start: lengthStart, end: start, length })
  return removed + (start - lengthStart - varintSize(length))
}

/** What is done with one field: for an entry of a map its key decides. */
function actionOf(
  action: 'cut' | CutPlan | undefined,
  bytes: Uint8Array,
  from: number,
  to: number,
): 'cut' | CutPlan | undefined {
  if (action === undefined || action === 'cut' || action.entries === undefined) return action
  let key = ''
  walkFields(bytes, from, to, (number, wireType, start, end) => {
    if (number === 1 && wireType === LENGTH_DELIMITED) key = Buffer.from(bytes.subarray(start, end)).toString('utf8')
  })
  return action.entries.get(key)
}

/** A length in the form in which Go writes it: as short as can be. */
function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  let to = at
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[to++] = (rest % 128) | 0x80
  bytes[to++] = rest
  return to
}

function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) size++
  return size
}
