/** More than any real object has; what lies behind them is scanned again where it is needed. */
const CAPACITY = 2048
/** Members of a watch event, of its object, of that object's metadata. */
const LEVELS = 3

/**
 * Where the objects and arrays in the upper levels of a value end, noted by the framer on its way, so
 * that reading the value's keys need not scan over them a second time.
 *
 * An end belongs to the depth at which the value goes on behind it: 1 for the members of the value
 * itself, 2 for the members of those. Of each depth the ends up to some point are there, in order,
 * without gaps: the first one behind an opening bracket is that bracket's.
 */
export class NestedEnds {
  readonly #byDepth: readonly number[][] = Array.from({ length: LEVELS + 1 }, () => [])
  readonly #counts = new Int32Array(LEVELS + 1)
  /** Where each depth was last looked up: lookups mostly go forward. */
  readonly #cursors = new Int32Array(LEVELS + 1)

  reset(): void {
    this.#counts.fill(0)
    this.#cursors.fill(0)
  }

  /** The deepest depth that is noted. */
  get depth(): number {
    return LEVELS
  }

  /** Notes that a nested value ended before `end`, counted from the start of the whole value. */
  add(depth: number, end: number): void {
    const count = this.#counts[depth]!
    if (count === CAPACITY) return
    this.#byDepth[depth]![count] = end
    this.#counts[depth] = count + 1
  }

  /** The end of the object or array that starts at `start`; -1 where it was not noted. */
  endOf(depth: number, start: number): number {
    if (depth > LEVELS) return -1
    const ends = this.#byDepth[depth]!
    const count = this.#counts[depth]!
    let cursor = this.#cursors[depth]!
    if (cursor > 0 && ends[cursor - 1]! > start) cursor = 0
    while (cursor < count && ends[cursor]! <= start) cursor++
    this.#cursors[depth] = cursor
    return cursor < count ? ends[cursor]! : -1
  }
}

/** For a value that no framer has seen. */
export const NO_ENDS: NestedEnds = new NestedEnds()
