/** Where bytes of objects are kept. */
export interface Place {
  /** Nobody writes to them again: who has read them may hold them. */
  read(index: number): Uint8Array
  /** As `read`, for who copies them at once. */
  glance(index: number): Uint8Array
  lengthOf(index: number): number
}

/** Whose bytes are in a place; it is told when they move. */
export interface Resident {
  readonly place: Place | undefined
  readonly index: number
  moveTo(place: Place, index: number): void
}

/** Bytes that belong to one object alone. */
export class OwnBytes implements Place {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  read(): Uint8Array {
    return this.#bytes
  }

  glance(): Uint8Array {
    return this.#bytes
  }

  lengthOf(): number {
    return this.#bytes.length
  }
}
