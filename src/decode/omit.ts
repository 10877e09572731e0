import { KubeflumeError } from '../api/errors.ts'
import { type FieldPath, parseFieldPath } from '../api/field-path.ts'
import type { OmittedPath } from '../api/omitted.ts'

/** The paths to omit, as a tree by field: a leaf is cut, an inner node is walked into. */
export interface OmitTree {
  readonly isLeaf: boolean
  /** By JSON name. Arrays have no level of their own: a node means each of their elements. */
  readonly children: ReadonlyMap<string, OmitTree>
  /** Of the whole: the paths by which an array may lack something, where there are such. */
  readonly ofArrays?: readonly OmittedPath[] | undefined
}

/** What identifies an object must stay, and so must what contains it. */
const KEPT: readonly (readonly string[])[] = [
  ['apiVersion'],
  ['kind'],
  ['metadata', 'name'],
  ['metadata', 'namespace'],
  ['metadata', 'uid'],
  ['metadata', 'resourceVersion'],
]

/**
 * Builds the tree of the paths; undefined for none.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for a path that would omit name, namespace, uid or
 *   resourceVersion, or is no path
 */
export function omitTree(paths: readonly FieldPath[] | undefined): OmitTree | undefined {
  if (paths === undefined || paths.length === 0) return undefined
  const ofArrays: OmittedPath[] = []
  const root: MutableTree = { isLeaf: false, children: new Map() }
  for (const path of paths) {
    const parts = parseFieldPath(path)
    if (KEPT.some((kept) => parts.every((part, i) => part === kept[i]))) {
      throw new KubeflumeError('ERR_OPTION', `${JSON.stringify(path)} cannot be omitted: it identifies the object`)
    }
    add(root, parts)
    if (concernsArrays(parts)) ofArrays.push(parts)
  }
  return ofArrays.length === 0 ? root : { ...root, ofArrays }
}

/** Metadata has no other arrays but `managedFields`, which is the server's own: what is written there resets it. */
function concernsArrays([first, second = '']: OmittedPath): boolean {
  return first !== 'metadata' || second === 'ownerReferences' || second === 'finalizers'
}

/**
 * Takes what was omitted out of a decoded object too. What is not in the bytes of a protobuf object has a zero
 * value, which JSON shows where Go says so: `containers: null` for a pod without its containers.
 */
export function prune(value: unknown, tree: OmitTree): void {
  if (Array.isArray(value)) for (const element of value) prune(element, tree)
  else if (typeof value === 'object' && value !== null) pruneFields(value as { [field: string]: unknown }, tree)
}

function pruneFields(object: { [field: string]: unknown }, tree: OmitTree): void {
  for (const [field, child] of tree.children) {
    if (!Object.hasOwn(object, field)) continue
    if (child.isLeaf) Reflect.deleteProperty(object, field)
    else prune(object[field], child)
  }
}

interface MutableTree {
  isLeaf: boolean
  readonly children: Map<string, MutableTree>
}

function add(root: MutableTree, parts: readonly string[]): void {
  let node = root
  for (const part of parts) {
    let child = node.children.get(part)
    if (child === undefined) {
      child = { isLeaf: false, children: new Map() }
      node.children.set(part, child)
    }
    node = child
  }
  node.isLeaf = true
}
