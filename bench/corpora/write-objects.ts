import { FileWriter } from './file-writer.ts'
import { bookmark, type Encoding, type Kind, listEnds, listItem, watchFrame } from './frames.ts'

export interface ObjectsOptions {
  readonly kind: Kind
  readonly encoding: Encoding
  readonly version: number
  readonly isWatchList: boolean
  /** The same at each call; each object is only read before the next. */
  readonly objects: () => Iterable<Uint8Array>
}

/** Writes encoded objects as a LIST, or as a watch-list. */
export function writeObjects(file: string, { kind, encoding, version, isWatchList, objects }: ObjectsOptions): void {
  const writer = new FileWriter(file)
  if (isWatchList) {
    for (const object of objects()) writer.write(watchFrame(encoding, 'ADDED', kind, object))
    writer.write(bookmark(encoding, version, true, kind))
    return writer.close()
  }
  // protobuf says its length first
  let itemBytes = 0
  let index = 0
  if (encoding === 'protobuf') {
    for (const object of objects()) itemBytes += listItem(encoding, object, 0).length
  }
  const [head, tail] = listEnds(encoding, version, itemBytes, kind)
  writer.write(head)
  for (const object of objects()) writer.write(listItem(encoding, object, index++))
  writer.write(tail)
  writer.close()
}
