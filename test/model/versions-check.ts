import type { World } from './world.ts'

/** Sees to it that no version of a scope goes back, but over a restored storage. */
export class VersionsCheck {
  readonly #world: World
  readonly #versions = new Map<string, number>()
  #restores = 0
  #runs = 0

  constructor(world: World) {
    this.#world = world
  }

  look(): void {
    const { scopes, restores, runs, informer } = this.#world
    if (restores.count !== this.#restores || runs !== this.#runs) this.#versions.clear()
    this.#runs = runs
    if (restores.isEmpty) this.#restores = restores.count // until then each look begins anew
    this.#see('the store', informer.store.resourceVersion)
    for (const { namespace, resourceVersion } of scopes) this.#see(namespace ?? 'all namespaces', resourceVersion)
  }

  #see(what: string, resourceVersion: string | undefined): void {
    if (resourceVersion === undefined) return
    const version = Number(resourceVersion)
    const before = this.#versions.get(what) ?? 0
    if (version < before) this.#world.report(`${what} went back from ${before} to ${version}`)
    this.#versions.set(what, version)
  }
}
