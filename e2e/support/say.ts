/** Prints a figure or a fact of the run: one line, in words that stand alone. */
export function say(line: string): void {
  console.log(`e2e: ${line}`)
}

/** `1234.5` becomes `1,235`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
