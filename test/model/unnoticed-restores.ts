import type { InformerStatus } from '../../src/api/informer-status.ts'

type Scopes = InformerStatus['scopes']

/**
 * Which scopes of an informer are still in the past that a restored storage has taken back. When the
 * server has counted beyond the version of one of these, nothing can tell the two pasts apart any more, but
 * a comparison of the objects themselves.
 */
export class UnnoticedRestores {
  /** So many times the storage was restored. */
  count = 0
  /** Whether a restore can no longer be noticed. */
  isTooLate = false
  readonly #versions = new Map<string | undefined, number>()

  get isEmpty(): boolean {
    return this.#versions.size === 0
  }

  restored(revision: number, scopes: Scopes): void {
    this.count++
    this.look(revision, scopes)
    for (const { namespace, resourceVersion } of scopes)
      if (Number(resourceVersion ?? 0) > revision) this.#versions.set(namespace, Number(resourceVersion))
  }

  /** Called after each write and each step. */
  look(revision: number, scopes: Scopes): void {
    for (const [namespace, version] of this.#versions) {
      const now = scopes.find((scope) => scope.namespace === namespace)?.resourceVersion
      if (now === undefined || Number(now) < version) this.#versions.delete(namespace)
      else if (revision >= version) this.isTooLate = true
    }
  }

  /** The objects themselves have been compared. */
  becameClear(): void {
    this.isTooLate = false
  }

  /** What was followed is not followed any more. */
  forget(): void {
    this.#versions.clear()
  }
}
