import type { OmitTree } from '../omit.ts'
import { type FieldVisitor, LENGTH_DELIMITED, METADATA, walkFields } from './fields.ts'
import { kindSchema, messageSchema } from './schema.ts'
import { readKey } from './text.ts'

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

/** What is cut out of one message, in the order of its bytes. */
export interface Edits {
  readonly edits: readonly Edit[]
  /** By how many bytes it becomes shorter. */
  readonly removed: number
}

/**
 * Finds what the plan cuts out of an object, and shows each field of its metadata on the way: to go over them
 * once more, to see who the object is, takes as long as all the rest.
 *
 * @throws {DecodeError} `ERR_DECODE_SYNTAX`
 */
export function findEdits(bytes: Buffer, plan: CutPlan | undefined, visitMetadata: FieldVisitor): Edits {
  const edits: Edit[] = []
  let removed = 0
  walkFields(bytes, 0, bytes.length, (number, wireType, start, end, fieldStart) => {
    if (number === METADATA && wireType === LENGTH_DELIMITED) {
      const inner = plan?.fields[METADATA] as CutPlan | undefined // who an object is cannot be cut, nor what says it
      if (inner === undefined) walkFields(bytes, start, end, visitMetadata)
      else removed += collectInside(bytes, fieldStart, start, end, inner, edits, visitMetadata)
    } else if (plan !== undefined) {
      removed += collectField(bytes, number, wireType, start, end, fieldStart, plan, edits)
    }
  })
  return { edits, removed }
}

/** Copies a message without what is cut, the lengths of what is around it made right. The result shares no memory with `bytes`. */
export function copyWithout(
  bytes: Buffer,
  { edits, removed }: Edits,
  allocate: (length: number) => Uint8Array,
): Uint8Array {
  const copy = allocate(bytes.length - removed)
  let from = 0
  let to = 0
  for (const edit of edits) {
    to += bytes.copy(copy, to, from, edit.start)
    if (edit.length !== undefined) to = writeVarint(copy, to, edit.length)
    from = edit.end
  }
  bytes.copy(copy, to, from)
  return copy
}

/** Adds the edits of one message, in order, and returns by how many bytes it becomes shorter. */
function collect(bytes: Buffer, from: number, to: number, plan: CutPlan, edits: Edit[], visit?: FieldVisitor): number {
  let removed = 0
  walkFields(bytes, from, to, (number, wireType, start, end, fieldStart) => {
    visit?.(number, wireType, start, end, fieldStart)
    removed += collectField(bytes, number, wireType, start, end, fieldStart, plan, edits)
  })
  return removed
}

function collectField(
  bytes: Buffer,
  number: number,
  wireType: number,
  start: number,
  end: number,
  fieldStart: number,
  plan: CutPlan,
  edits: Edit[],
): number {
  const action = number < plan.fields.length ? actionOf(plan.fields[number], bytes, start, end) : undefined
  if (action === undefined) return 0
  if (action !== 'cut')
    return wireType === LENGTH_DELIMITED ? collectInside(bytes, fieldStart, start, end, action, edits) : 0
  edits.push({ start: fieldStart, end, length: undefined })
  return end - fieldStart
}

function collectInside(
  bytes: Buffer,
  fieldStart: number,
  start: number,
  end: number,
  plan: CutPlan,
  edits: Edit[],
  visit?: FieldVisitor,
): number {
  const place = edits.length
  const removed = collect(bytes, start, end, plan, edits, visit)
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
  bytes: Buffer,
  from: number,
  to: number,
): 'cut' | CutPlan | undefined {
  if (action === undefined || action === 'cut' || action.entries === undefined) return action
  let key = ''
  walkFields(bytes, from, to, (number, wireType, start, end) => {
    if (number === 1 && wireType === LENGTH_DELIMITED) key = readKey(bytes, start, end)
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
