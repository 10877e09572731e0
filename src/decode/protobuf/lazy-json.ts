import { broken } from './wire.ts'
import { readUtf8 } from './utf8.ts'

/**
 * Gives `object` the property `key` with the JSON between `start` and `end` as its value, parsed when it is
 * first read.
 *
 * It is for the `fieldsV1` of managedFields, which is over a third of a pod's bytes and which next to nobody
 * reads: parsing it takes 0.45 of what `JSON.parse` takes for the whole pod. The property is an own,
 * enumerable, writable one as any other; comparing, copying, spreading and writing as JSON read it. What it
 * keeps is the text, not the item's bytes. Reading it makes it an ordinary property, unless the object was frozen.
 *
 * @throws {DecodeError} `ERR_DECODE_OBJECT` on reading, where the text is no JSON.
 */
export function lazyJson(object: object, key: string, bytes: Uint8Array, start: number, end: number): void {
  // oxlint-disable-next-line no-new -- what it makes is on the object
  new Unparsed(object, key, readUtf8(bytes, start, end), start)
}

/**
 * Returns what it is given, so that the private fields of a class derived from it are put on that object,
 * where nothing but that class can see them. A closure or a WeakMap entry for each object would do the same
 * and take a third more time for the whole pod.
 */
// oxlint-disable-next-line typescript/no-extraneous-class -- a base class is the only way to do that
class Put {
  constructor(object: object) {
    return object
  }
}

class Unparsed extends Put {
  #text: string | undefined
  #value: unknown
  #offset: number

  constructor(object: object, key: string, text: string, offset: number) {
    super(object)
    this.#text = text
    this.#value = undefined
    this.#offset = offset
    Object.defineProperty(object, key, accessors.get(key) ?? addAccessor(key))
  }

  static read(object: object, key: string): unknown {
    if (!(#text in object)) return undefined
    if (object.#text !== undefined) {
      object.#value = parse(object.#text, object.#offset)
      object.#text = undefined
      if (!Object.isFrozen(object)) setData(object, key, object.#value)
    }
    return object.#value
  }
}

/** One accessor for each key: V8 keeps objects with the same accessors alike. */
const accessors = new Map<string, PropertyDescriptor>()

function addAccessor(key: string): PropertyDescriptor {
  const accessor: PropertyDescriptor = {
    get(this: object): unknown {
      return Unparsed.read(this, key)
    },
    set(this: object, value: unknown) {
      setData(this, key, value)
    },
    enumerable: true,
    configurable: true,
  }
  accessors.set(key, accessor)
  return accessor
}

function setData(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

function parse(text: string, offset: number): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw broken('fieldsV1 is no JSON', offset, cause)
  }
}
