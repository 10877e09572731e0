import { createRequire } from 'node:module'
import type sortedBTree from 'sorted-btree'

/** A B-tree whose `clone()` takes no time and no memory: nodes are copied where one of the two is written to later. */
export type KeyTree<V> = sortedBTree.default<string, V>
export type RevisionTree<V> = sortedBTree.default<number, V>

// CommonJS with a default export: `import` gives the class in some loaders and its module in others.
const { default: BTree } = createRequire(import.meta.url)('sorted-btree') as typeof sortedBTree

export function keyTree<V>(): KeyTree<V> {
  return new BTree<string, V>(undefined, compare)
}

export function revisionTree<V>(): RevisionTree<V> {
  return new BTree<number, V>(undefined, compare)
}

/** Keys of a LIST: those that begin with `prefix`, in order, from `from` on (the prefix, by default). */
export interface KeyRange {
  readonly prefix: string
  readonly from?: string | undefined
}

/** The tree may not be written to meanwhile: iterate over a clone where it may. */
export function* valuesIn<V>(tree: KeyTree<V>, { prefix, from = prefix }: KeyRange): Generator<V> {
  for (const [key, value] of tree.entries(from, [])) {
    if (!key.startsWith(prefix)) return
    yield value
  }
}

export function countIn(tree: KeyTree<unknown>, { prefix, from = prefix }: KeyRange): number {
  if (prefix === '') return from === '' ? tree.size : tree.forRange(from, tree.maxKey() ?? from, true)
  return tree.forRange(from, afterAll(prefix), false)
}

/** The first text that comes after everything that begins with `prefix`. */
function afterAll(prefix: string): string {
  const last = prefix.length - 1
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1)
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
