import { type KeyTree, revisionTree } from './key-tree.ts'
import type { StoredVersion } from './collection.ts'

/**
 * States of the past: one clone of the cache's tree for each revision at which it changed, as apiserver
 * `pkg/storage/cacher/store` keeps them. Clones share all that did not change between them.
 */
export class Snapshots {
  #trees = revisionTree<KeyTree<StoredVersion>>()

  get size(): number {
    return this.#trees.size
  }

  add(revision: number, tree: KeyTree<StoredVersion>): void {
    this.#trees.set(revision, tree.clone())
  }

  /** The state at a revision: that of the newest snapshot which is not newer. */
  at(revision: number): KeyTree<StoredVersion> | undefined {
    return this.#trees.getPairOrNextLower(revision)?.[1]
  }

  removeBefore(revision: number): void {
    this.#trees.deleteRange(0, revision, false)
  }

  clear(): void {
    this.#trees.clear()
  }

  copy(): Snapshots {
    const copy = new Snapshots()
    copy.#trees = this.#trees.clone()
    return copy
  }
}
