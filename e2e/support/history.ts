import { isDeepStrictEqual } from 'node:util'
import type { DeepReadonly, Delta, KubernetesObject } from '../../src/index.ts'

/** What one delta said, as far as it can be held against what was written. */
export interface Happened {
  readonly type: Delta<KubernetesObject>['type']
  /** Of the object; undefined where the writer was not told. */
  readonly resourceVersion: string | undefined
}

/**
 * A subscriber that folds deltas into a copy of the collection and holds each one against what the
 * deltas before have said: each `previous` must be what was seen last, and versions must go up.
 */
export class History {
  readonly folded: Map<string, DeepReadonly<KubernetesObject>> = new Map()
  /** Where the deltas contradict each other. */
  readonly contradictions: string[] = []
  /** Deltas since the page was turned that were not of the first list. */
  changes = 0
  readonly #byKey = new Map<string, Happened[]>()

  readonly record = (delta: Delta<KubernetesObject>): void => {
    this.#check(delta)
    if (delta.type === 'deleted') this.folded.delete(delta.key)
    else this.folded.set(delta.key, delta.object)
    if (delta.type === 'added' && delta.isInitialList) return
    this.changes++
    const { resourceVersion } = delta.object.metadata
    const happened = this.#byKey.get(delta.key)
    if (happened) happened.push({ type: delta.type, resourceVersion })
    else this.#byKey.set(delta.key, [{ type: delta.type, resourceVersion }])
  }

  /** Says what of this was not heard, heard twice or heard in another order. */
  unlike(written: ReadonlyMap<string, readonly Happened[]>): string[] {
    return [...written].flatMap(([key, expected]) => {
      const heard = this.#byKey.get(key) ?? []
      const isSame = heard.length === expected.length && expected.every((one, index) => isLike(one, heard[index]!))
      return isSame ? [] : [`${key}: written ${textOf(expected)}, heard ${textOf(heard)}`]
    })
  }

  /** Forgets what happened so far, and keeps the copy. */
  turnPage(): void {
    this.#byKey.clear()
    this.changes = 0
  }

  #check(delta: Delta<KubernetesObject>): void {
    const before = this.folded.get(delta.key)
    const say = (what: string): number => this.contradictions.push(`${delta.type} ${delta.key}: ${what}`)
    if (delta.type === 'added') {
      if (before !== undefined) say('it was there already')
      return
    }
    if (before === undefined) {
      say('it was not there')
      return
    }
    const version = BigInt(delta.object.metadata.resourceVersion)
    const versionBefore = BigInt(before.metadata.resourceVersion)
    if (delta.type === 'deleted') {
      if (version < versionBefore) say(`version ${version} after ${versionBefore}`)
      return
    }
    if (version <= versionBefore) say(`version ${version} after ${versionBefore}`)
    if (!isDeepStrictEqual(delta.previous, before)) say('previous is not what was seen last')
  }
}

function isLike(written: Happened, heard: Happened): boolean {
  const isSameVersion = written.resourceVersion === undefined || written.resourceVersion === heard.resourceVersion
  return written.type === heard.type && isSameVersion
}

function textOf(happened: readonly Happened[]): string {
  return happened.map(({ type, resourceVersion = '?' }) => `${type} ${resourceVersion}`).join(', ') || 'nothing'
}
