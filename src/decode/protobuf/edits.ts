import type { CutPlan } from './cut-plan.ts'
import { type FieldVisitor, LENGTH_DELIMITED, METADATA, walkFields } from './fields.ts'
import { readKey } from './text.ts'

const NONE = Buffer.alloc(0)
/** One odd object must not keep its room for good. */
const MOST_KEPT = 4096
/** What an edit puts in place of bytes: nothing, or a length that is not known yet. */
const NOTHING = -1
const UNKNOWN = -2

/**
 * What is cut out of the bytes of one object, and the lengths that become shorter by it, in the order of the bytes. It is
 * used again for the next object: a list of a hundred thousand would leave millions of them behind.
 */
export class Edits {
  #bytes: Buffer = NONE
  /** Of each edit where the bytes begin that it replaces, where they end, and the number that stands there instead. */
  #starts: number[] = []
  #ends: number[] = []
  #lengths: number[] = []
  #count = 0
  #removed = 0

  /**
   * Finds what the plan cuts out, and shows each field of the metadata on the way: to go over them
   * once more, to see who the object is, takes as long as all the rest.
   *
   * @throws {DecodeError} `ERR_DECODE_SYNTAX`
   */
  find(bytes: Buffer, plan: CutPlan | undefined, visitMetadata: FieldVisitor): void {
    this.#bytes = bytes
    this.#count = 0
    this.#removed = 0
    walkFields(bytes, 0, bytes.length, (number, wireType, start, end, fieldStart) => {
      if (number === METADATA && wireType === LENGTH_DELIMITED) {
        const inner = plan?.fields[METADATA] as CutPlan | undefined // who an object is cannot be cut, nor what says it
        if (inner === undefined) walkFields(bytes, start, end, visitMetadata)
        else this.#removed += this.#findInside(inner, fieldStart, start, end, visitMetadata)
      } else if (plan !== undefined) {
        this.#removed += this.#findIn(plan, number, wireType, start, end, fieldStart)
      }
    })
  }

  /** The object as it is then. It shares no memory with the bytes that were gone over. */
  copy(allocate: (length: number) => Uint8Array): Uint8Array {
    const bytes = this.#bytes
    const copy = allocate(bytes.length - this.#removed)
    let from = 0
    let to = 0
    for (let at = 0; at < this.#count; at++) {
      to += bytes.copy(copy, to, from, this.#starts[at])
      if (this.#lengths[at] !== NOTHING) to = writeVarint(copy, to, this.#lengths[at]!)
      from = this.#ends[at]!
    }
    bytes.copy(copy, to, from)
    return copy
  }

  /** Holds the bytes no longer, whatever has become of them. */
  letGo(): void {
    this.#bytes = NONE
    if (this.#starts.length <= MOST_KEPT) return
    this.#starts = []
    this.#ends = []
    this.#lengths = []
  }

  /** Finds the edits of one field, and returns by how many bytes it becomes shorter. */
  #findIn(plan: CutPlan, number: number, wireType: number, start: number, end: number, fieldStart: number): number {
    if (number >= plan.fields.length) return 0
    const action = actionOf(plan.fields[number], this.#bytes, start, end)
    if (action === undefined) return 0
    if (action !== 'cut') return wireType === LENGTH_DELIMITED ? this.#findInside(action, fieldStart, start, end) : 0
    this.#cut(fieldStart, end)
    return end - fieldStart
  }

  /** The same of a message: its own length is in front of it. */
  #findInside(plan: CutPlan, fieldStart: number, start: number, end: number, visit?: FieldVisitor): number {
    const place = this.#count
    this.#replace(fieldStart, start, UNKNOWN)
    let removed = 0
    walkFields(this.#bytes, start, end, (number, wireType, innerStart, innerEnd, innerFieldStart) => {
      visit?.(number, wireType, innerStart, innerEnd, innerFieldStart)
      removed += this.#findIn(plan, number, wireType, innerStart, innerEnd, innerFieldStart)
    })
    if (removed === 0) {
      this.#count = place
      return 0
    }
    let lengthStart = fieldStart + 1
    while (this.#bytes[lengthStart - 1]! >= 0x80) lengthStart++ // behind the tag
    const length = end - start - removed
    this.#starts[place] = lengthStart
    this.#lengths[place] = length
    return removed + (start - lengthStart - varintSize(length))
  }

  /** What is cut stands mostly side by side. */
  #cut(start: number, end: number): void {
    const last = this.#count - 1
    if (last >= 0 && this.#ends[last] === start && this.#lengths[last] === NOTHING) this.#ends[last] = end
    else this.#replace(start, end, NOTHING)
  }

  #replace(start: number, end: number, length: number): void {
    const at = this.#count++
    this.#starts[at] = start
    this.#ends[at] = end
    this.#lengths[at] = length
  }
}

/** What is done with one field: for an entry of a map its key decides. */
function actionOf(
  action: 'cut' | CutPlan | undefined,
  bytes: Buffer,
  from: number,
  to: number,
): 'cut' | CutPlan | undefined {
  if (action === undefined || action === 'cut' || action.entries === undefined) return action
  let key = ''
  walkFields(bytes, from, to, (number, wireType, start, end) => {
    if (number === 1 && wireType === LENGTH_DELIMITED) key = readKey(bytes, start, end)
  })
  return action.entries.get(key)
}

/** A length in the form in which Go writes it: as short as can be. */
function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value
  let to = at
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[to++] = (rest % 128) | 0x80
  bytes[to++] = rest
  return to
}

function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) size++
  return size
}
