import type { OmitTree } from '../omit.ts'
import { OPEN_BRACE, OPEN_BRACKET } from './bytes.ts'
import { type Known, type MemberVisitor, walkElements, walkMembers } from './walk.ts'

/** Which bytes of an item are left out: pairs of start and end, in order, apart from each other. */
export type Cuts = number[]

/**
 * Cuts members out of one object, each with the comma that would be left over: the members that stay
 * are joined as before. Its user tells it every member, in order.
 */
export class MemberCuts {
  readonly #cuts: Cuts
  #lastKeptEnd = -1
  #runStart = -1
  #runEnd = -1

  constructor(cuts: Cuts) {
    this.#cuts = cuts
  }

  /** Cuts the member if its node in the tree is a leaf, and keeps it otherwise. */
  take(keyStart: number, valueEnd: number, node: OmitTree | undefined): void {
    if (node?.isLeaf) {
      if (this.#runStart === -1) this.#runStart = this.#lastKeptEnd === -1 ? keyStart : this.#lastKeptEnd
      this.#runEnd = valueEnd
    } else {
      this.#closeRun(keyStart)
      this.#lastKeptEnd = valueEnd
    }
  }

  end(): void {
    this.#closeRun(-1)
  }

  /** A run behind a kept member takes the comma before it; a run at the object's start the one after it. */
  #closeRun(nextKeyStart: number): void {
    if (this.#runStart === -1) return
    const isAtStart = this.#lastKeptEnd === -1
    this.#cuts.push(this.#runStart, isAtStart && nextKeyStart !== -1 ? nextKeyStart : this.#runEnd)
    this.#runStart = -1
  }
}

/** Finds what the tree cuts out of the value at `at`: an object, or an array of them; other values have no fields. */
export function findCuts(bytes: Uint8Array, at: number, known: Known, tree: OmitTree, cuts: Cuts): void {
  const inside: Known = { ends: known.ends, depth: known.depth + 1 }
  if (bytes[at] === OPEN_BRACE) {
    const members = new MemberCuts(cuts)
    const visit: MemberVisitor = (key, keyStart, valueStart, valueEnd) => {
      const child = tree.children.get(key)
      members.take(keyStart, valueEnd, child)
      if (child?.isLeaf === false) findCuts(bytes, valueStart, inside, child, cuts)
      return true
    }
    walkMembers(bytes, at, visit, known)
    members.end()
  } else if (bytes[at] === OPEN_BRACKET) {
    walkElements(bytes, at, (start) => findCuts(bytes, start, inside, tree, cuts), known)
  }
}

/** Copies what stands at `[start, end)` without what is cut. The result shares no memory with `bytes`. */
export function copyWithout(
  bytes: Buffer,
  [start, end]: readonly [start: number, end: number],
  cuts: Cuts,
  allocate: (length: number) => Uint8Array,
): Uint8Array {
  let length = end - start
  for (let i = 0; i < cuts.length; i += 2) length -= cuts[i + 1]! - cuts[i]!
  const copy = allocate(length)
  let from = start
  let to = 0
  for (let i = 0; i < cuts.length; i += 2) {
    to += bytes.copy(copy, to, from, cuts[i]!)
    from = cuts[i + 1]!
  }
  bytes.copy(copy, to, from, end)
  return copy
}
