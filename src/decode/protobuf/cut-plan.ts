import type { OmitTree } from '../omit.ts'
import { kindSchema, messageSchema } from './schema.ts'

/** What is done with the fields of one message: cut them, or look inside. */
export interface CutPlan {
  /** By field number: every field of every object is looked up, and a Map takes as long for one as to read over it. */
  readonly fields: readonly ('cut' | CutPlan | undefined)[]
  /** Where the message is an entry of a map: what is done with it, by its key. */
  readonly entries?: ReadonlyMap<string, 'cut' | CutPlan>
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
