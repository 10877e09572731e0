import type { OmitTree } from '../omit.ts'
import { OPEN_BRACE, OPEN_BRACKET } from './bytes.ts'
import { walkElements, walkMembers } from './walk.ts'

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

  keep(keyStart: number, valueEnd: number): void {
    this.#closeRun(keyStart)
    this.#lastKeptEnd = valueEnd
  }

  cut(keyStart: number, valueEnd: number): void {
    if (this.#runStart === -1) this.#runStart = this.#lastKeptEnd === -1 ? keyStart : this.#lastKeptEnd
    this.#runEnd = valueEnd
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
export function findCuts(bytes: Uint8Array, at: number, tree: OmitTree, cuts: Cuts): void {
  if (bytes[at] === OPEN_BRACE) {
    const members = new MemberCuts(cuts)
    walkMembers(bytes, at, (key, keyStart, valueStart, valueEnd) => {
      cutMember(bytes, tree, members, cuts, key, keyStart, valueStart, valueEnd)
      return true
    })
    members.end()
  } else if (bytes[at] === OPEN_BRACKET) {
    walkElements(bytes, at, (start) => findCuts(bytes, start, tree, cuts))
  }
}

/** Decides on one member: cut it, keep it and look inside, or keep it. */
export function cutMember(
  bytes: Uint8Array,
  tree: OmitTree,
  members: MemberCuts,
  cuts: Cuts,
  key: string,
  keyStart: number,
  valueStart: number,
  valueEnd: number,
): void {
  const child = tree.children.get(key)
  if (child?.isLeaf) {
    members.cut(keyStart, valueEnd)
    return
  }
  members.keep(keyStart, valueEnd)
  if (child !== undefined) findCuts(bytes, valueStart, child, cuts)
}

/** Copies the item without what is cut. The result shares no memory with `bytes`. */
export function copyWithout(bytes: Uint8Array, cuts: Cuts, allocate: (length: number) => Uint8Array): Uint8Array {
  let length = bytes.length
  for (let i = 0; i < cuts.length; i += 2) length -= cuts[i + 1]! - cuts[i]!
  const copy = allocate(length)
  let from = 0
  let to = 0
  for (let i = 0; i < cuts.length; i += 2) {
    copy.set(bytes.subarray(from, cuts[i]!), to)
    to += cuts[i]! - from
    from = cuts[i + 1]!
  }
  copy.set(bytes.subarray(from), to)
  return copy
}
