import { type Identity, noIdentity } from '../identified-object.ts'
import { type FieldVisitor, LENGTH_DELIMITED } from './fields.ts'
import { readText } from './text.ts'
import { readUtf8 } from './utf8.ts'

/** The fields of ObjectMeta that identify. */
const NAME = 1
const NAMESPACE = 3
const UID = 5
const RESOURCE_VERSION = 6

/** Takes down who an object is, while someone goes over the fields of its metadata. One object at a time. */
export class MetadataReader {
  #bytes: Uint8Array = NONE
  #identity: Identity = noIdentity()
  #nameStart = 0
  #nameEnd = 0
  #namespaceStart = 0
  #namespaceEnd = 0

  begin(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#identity = noIdentity()
    this.#nameStart = this.#nameEnd = this.#namespaceStart = this.#namespaceEnd = 0
  }

  readonly visit: FieldVisitor = (number, wireType, start, end) => {
    if (wireType !== LENGTH_DELIMITED || number > RESOURCE_VERSION) return
    if (number === NAME) {
      this.#nameStart = start
      this.#nameEnd = end
    } else if (number === NAMESPACE) {
      this.#namespaceStart = start
      this.#namespaceEnd = end
    } else if (number === UID) this.#identity.uid = readUtf8(this.#bytes, start, end)
    else if (number === RESOURCE_VERSION) this.#identity.resourceVersion = readText(this.#bytes, start, end)
  }

  /** @param isComplete whether metadata was there as a whole */
  end(isComplete: boolean): Identity {
    const identity = this.#identity
    identity.isComplete = isComplete
    const key = this.#readKey()
    const length = this.#namespaceEnd - this.#namespaceStart
    if (key === undefined) {
      identity.name = readUtf8(this.#bytes, this.#nameStart, this.#nameEnd)
      identity.namespace = readUtf8(this.#bytes, this.#namespaceStart, this.#namespaceEnd) || undefined
    } else {
      identity.key = key
      identity.name = length === 0 ? key : key.slice(length + 1)
      identity.namespace = length === 0 ? undefined : namespaceIn(key, length)
    }
    return identity
  }

  /** Holds the bytes no longer, whatever has become of them. */
  letGo(): void {
    this.#bytes = NONE
  }

  /** In one go: a text of two parts would be put together later, at twice the cost. Undefined for what is not as names are. */
  #readKey(): string | undefined {
    const bytes = this.#bytes
    if (this.#nameEnd - this.#nameStart + this.#namespaceEnd - this.#namespaceStart >= scratch.length) return undefined
    let length = 0
    let all = 0
    for (let at = this.#namespaceStart; at < this.#namespaceEnd; at++) all |= scratch[length++] = bytes[at]!
    if (length > 0) scratch[length++] = SLASH
    for (let at = this.#nameStart; at < this.#nameEnd; at++) all |= scratch[length++] = bytes[at]!
    return all < 0x80 ? latin1Slice.call(scratch, 0, length) : undefined
  }
}

const NONE = new Uint8Array(0)
/** Longer than any key: 63 characters of a namespace, 253 of a name. */
const scratch = Buffer.allocUnsafeSlow(512)
const SLASH = 0x2f
const { latin1Slice } = Buffer.prototype as unknown as {
  readonly latin1Slice: (this: Uint8Array, start: number, end: number) => string
}

let last = ''

/** Lists come by namespace, so it is mostly that of the object before. */
function namespaceIn(key: string, length: number): string {
  if (last.length !== length || !key.startsWith(last)) last = key.slice(0, length)
  return last
}
