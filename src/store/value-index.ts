/** Which keys have which value. An object may have several values, or none; a value without keys is forgotten. */
export class ValueIndex {
  readonly #keys = new Map<string, Set<string>>()

  add(key: string, values: readonly string[]): void {
    for (const value of values) {
      const keys = this.#keys.get(value)
      if (keys === undefined) this.#keys.set(value, new Set([key]))
      else keys.add(key)
    }
  }

  remove(key: string, values: readonly string[]): void {
    for (const value of values) {
      const keys = this.#keys.get(value)
      keys?.delete(key)
      if (keys?.size === 0) this.#keys.delete(value)
    }
  }

  get(value: string): ReadonlySet<string> {
    return this.#keys.get(value) ?? NONE
  }
}

const NONE: ReadonlySet<string> = new Set()
