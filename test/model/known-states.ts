import type { Thing } from './scopes.ts'

/** Everything that a server has, by key. */
export type State = ReadonlyMap<string, Thing>

/**
 * What the server had at each of its versions: written down with each write, not asked for. A restored
 * storage begins another timeline, with other states under the same versions.
 */
export class KnownStates {
  readonly #timelines: Map<number, State>[] = [new Map()]
  #revision = 0
  #first = 0

  /** The version that the server has reached. */
  get revision(): number {
    return this.#revision
  }

  /** The first version that is known. */
  get first(): number {
    return this.#first
  }

  get newest(): State {
    return this.#timelines.at(-1)!.get(this.#revision) ?? new Map()
  }

  /** What the server had at that version, in each timeline that came so far. */
  at(version: string): readonly State[] {
    return this.#timelines.map((states) => states.get(Number(version))).filter((state) => state !== undefined)
  }

  /** What the server has had from that version on, in the timeline that counts now. */
  since(version: number): readonly State[] {
    return [...this.#timelines.at(-1)!].filter(([at]) => at >= version).map(([, state]) => state)
  }

  written(key: string, object: Thing): void {
    const version = Number(object.metadata.resourceVersion)
    if (this.#revision > 0 && version !== this.#revision + 1)
      throw new Error(`the server counts to ${version}, the model to ${this.#revision + 1}`)
    this.#first ||= version
    this.#advance(version, new Map([...this.newest, [key, object]]))
  }

  deleted(key: string): void {
    const state = new Map(this.newest)
    state.delete(key)
    this.#advance(this.#revision + 1, state)
  }

  /** Something else was written. */
  passed(): void {
    this.#advance(this.#revision + 1, this.newest)
  }

  restored(revision: number): void {
    this.#timelines.push(new Map([...this.#timelines.at(-1)!].filter(([version]) => version <= revision)))
    this.#revision = revision
  }

  #advance(revision: number, state: State): void {
    this.#revision = revision
    this.#timelines.at(-1)!.set(revision, state)
  }
}
