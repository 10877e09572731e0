/** What has happened, in order, printed as it happens, and a way to wait for it. */
export class Seen {
  readonly lines: string[] = []
  readonly #name: string
  #changed = Promise.withResolvers<void>()

  constructor(name: string) {
    this.#name = name
  }

  add(line: string): void {
    this.lines.push(line)
    console.log(`  ${this.#name.padEnd(12)} ${line}`)
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
  }

  /** Takes out the first `count` lines, once there are so many. */
  async take(count: number): Promise<readonly string[]> {
    while (this.lines.length < count) await this.#changed.promise
    return this.lines.splice(0, count)
  }
}
