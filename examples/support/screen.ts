/** How the demo talks: plain lines, and a bar that is drawn over itself where there is a terminal. */

const WIDTH = 30

export function say(text: string): void {
  console.log(text)
}

/** What has just been seen, and what it means. */
export function explain(what: string, meaning: string): void {
  console.log(`  ${what}\n    ${meaning}`)
}

export class ProgressBar {
  readonly #total: number
  readonly #startedAt = performance.now()
  #drawn = 0

  constructor(total: number) {
    this.#total = total
  }

  draw(items: number, bytes: number): void {
    const seconds = (performance.now() - this.#startedAt) / 1000
    const filled = Math.round((WIDTH * Math.min(items, this.#total)) / this.#total)
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
    const megabytes = bytes / 1e6
    const rate = `${(megabytes / seconds).toFixed(0)} MB/s, ${Math.round(items / seconds).toLocaleString('en')} pods/s`
    const line = `  ${bar} ${items.toLocaleString('en').padStart(6)} pods  ${megabytes.toFixed(1).padStart(6)} MB  ${rate}`
    if (process.stdout.isTTY) process.stdout.write(`\r${line}\u001b[K`)
    else if (items >= (this.#drawn * this.#total) / 4) {
      console.log(line) // a log gets a handful of lines, not hundreds
      this.#drawn++
    }
  }

  end(items: number, bytes: number): void {
    this.#drawn = 0
    this.draw(items, bytes)
    if (process.stdout.isTTY) process.stdout.write('\n')
  }
}
