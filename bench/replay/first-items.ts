import protobuf from 'protobufjs/minimal.js'
import { LIST_VERSION } from '../corpora/corpus-spec.ts'
import { type Encoding, listEnds } from '../corpora/frames.ts'

/** What one object of a corpus ends with and the next one begins with; nothing in a pod looks so. */
const BETWEEN_ITEMS = '},{"metadata":{"name":"'
/** Of a field that has a length: `items` of a list, `raw` of the envelope. */
const ITEM_TAG = 18

/**
 * The list of the first so many objects, out of the beginning of a longer one: head, objects, tail.
 *
 * @throws Error if there are not so many
 */
export function firstItems(list: Buffer, encoding: Encoding, count: number): Buffer[] {
  const [from, to] = encoding === 'json' ? spanOfJson(list, count) : spanOfProtobuf(list, count)
  const [head, tail] = listEnds(encoding, LIST_VERSION, to - from)
  return [Buffer.from(head), list.subarray(from, to), Buffer.from(tail)]
}

function spanOfJson(list: Buffer, count: number): readonly [number, number] {
  const from = list.indexOf('[') + 1
  let at = from
  for (let found = 0; found < count; found++) {
    const end = list.indexOf(BETWEEN_ITEMS, at)
    if (end >= 0) at = end + 2
    else if (found + 1 === count && list.subarray(-4).toString() === '}]}\n') return [from, list.length - 3]
    else throw new Error(`the list has no ${count} objects`)
  }
  return [from, at - 1]
}

function spanOfProtobuf(list: Buffer, count: number): readonly [number, number] {
  const reader = protobuf.Reader.create(list)
  reader.skip(4) // the magic number
  const skipField = (): number => {
    const tag = reader.uint32()
    reader.skip(reader.uint32())
    return tag
  }
  skipField() // the envelope's type
  reader.uint32() // … its content follows: the list
  reader.uint32()
  skipField() // the list's metadata
  const from = reader.pos
  for (let found = 0; found < count; found++) {
    if (skipField() !== ITEM_TAG) throw new Error(`the list has no ${count} objects`)
  }
  return [from, reader.pos]
}
