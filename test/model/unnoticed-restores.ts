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
  /** Scopes that may still hear of the past: what was on its way to them when the storage was restored. */
  #listening: readonly (string | undefined)[] = []

  get isEmpty(): boolean {
    return this.#versions.size === 0
  }

  restored(revision: number, scopes: Scopes): void {
    this.count++
    this.#listening = scopes.map(({ namespace }) => namespace)
    this.look(revision, scopes)
  }

  /** Called after each write and each step. */
  look(revision: number, scopes: Scopes): void {
    for (const { namespace, resourceVersion = '0' } of scopes)
      if (Number(resourceVersion) > revision && this.#listening.includes(namespace))
        this.#versions.set(namespace, Number(resourceVersion))
    for (const [namespace, version] of this.#versions) {
      const now = scopes.find((scope) => scope.namespace === namespace)?.resourceVersion
      if (now === undefined || Number(now) < version) this.#forget(namespace)
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
    this.#listening = []
  }

  #forget(namespace: string | undefined): void {
    this.#versions.delete(namespace)
    this.#listening = this.#listening.filter((one) => one !== namespace)
  }
}
