import type { OmitTree } from '../omit.ts'
import { LENGTH_DELIMITED, walkFields } from './fields.ts'
import { kindSchema, messageSchema } from './schema.ts'

/** What is done with the fields of one message: cut them, or look inside. By field number. */
export interface CutPlan {
  /** What it was made from. */
  readonly tree: OmitTree
  readonly fields: ReadonlyMap<number, 'cut' | CutPlan>
  /** Where the message is an entry of a map: what is done by its key; the whole entry goes. */
  readonly cutKeys: ReadonlySet<string> | undefined
}

/** A replacement of bytes: what was cut, or the length of a message that has become shorter. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array
}

const NOTHING = new Uint8Array(0)
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
  return plan && { tree, fields: new Map([[1, plan]]), cutKeys: undefined }
}

function planOf(tree: OmitTree, message: string): CutPlan | undefined {
  const fields = new Map<number, 'cut' | CutPlan>()
  for (const field of messageSchema(message)?.fields ?? []) {
    // an embedded struct has its fields in JSON among those of the struct around it
    const child = field.type === 'n' ? tree : tree.children.get(field.json)
    if (child === undefined) continue
    const plan = child.isLeaf
      ? 'cut'
      : field.cardinality === '%'
        ? mapPlan(child, field.message)
        : planOf(child, field.message)
    if (plan !== undefined) fields.set(field.number, plan)
  }
  return fields.size === 0 ? undefined : { tree, fields, cutKeys: undefined }
}

/** A map is a list of entries with the key in field 1 and the value in field 2. */
function mapPlan(tree: OmitTree, message: string): CutPlan | undefined {
  const cutKeys = new Set([...tree.children].filter(([, child]) => child.isLeaf).map(([key]) => key))
  if (cutKeys.size > 0) return { tree, fields: new Map(), cutKeys }
  const inner = [...tree.children.values()].map((child) => planOf(child, message)).find((plan) => plan !== undefined)
  return inner && { tree, fields: new Map([[2, inner]]), cutKeys: undefined }
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
  let from = 0
  let to = 0
  for (const edit of edits) {
    copy.set(bytes.subarray(from, edit.start), to)
    to += edit.start - from
    copy.set(edit.bytes, to)
    to += edit.bytes.length
    from = edit.end
  }
  copy.set(bytes.subarray(from), to)
  return copy
}

/** Adds the edits of one message, in order, and returns by how many bytes it becomes shorter. */
function collect(bytes: Uint8Array, from: number, to: number, plan: CutPlan, edits: Edit[]): number {
  let removed = 0
  walkFields(bytes, from, to, (number, wireType, start, end, fieldStart) => {
    const action = plan.fields.get(number)
    if (action === undefined) return
    if (action === 'cut' || isCutEntry(bytes, start, end, action)) {
      edits.push({ start: fieldStart, end, bytes: NOTHING })
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
  const length = varint(end - start - removed)
  let lengthStart = fieldStart + 1
  while (bytes[lengthStart - 1]! >= 0x80) lengthStart++ // behind the tag
  edits.splice(place, 0, { start: lengthStart, end: start, bytes: length })
  return removed + (start - lengthStart - length.length)
}

function isCutEntry(bytes: Uint8Array, from: number, to: number, plan: CutPlan): boolean {
  if (plan.cutKeys === undefined) return false
  let key = ''
  walkFields(bytes, from, to, (number, wireType, start, end) => {
    if (number === 1 && wireType === LENGTH_DELIMITED) key = Buffer.from(bytes.subarray(start, end)).toString('utf8')
  })
  return plan.cutKeys.has(key)
}

/** A length in the form in which Go writes it: as short as can be. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  bytes.push(rest)
  return Uint8Array.from(bytes)
}
