import type { BodyOptions } from './body-options.ts'
import { vary } from './encoded-pod.ts'
import { FileWriter } from './file-writer.ts'
import { bookmark, listEnds, listItem, watchFrame } from './frames.ts'
import { CHANGED, LIST_VERSION, RELIST_VERSION } from './corpus-spec.ts'
import { randomFrom } from './random.ts'

/** Writes a LIST, the same as a watch-list, or the LIST in which 1 % has changed. */
export function writeList(file: string, { pods, body, encoding }: BodyOptions): void {
  const writer = new FileWriter(file)
  const version = body === 'relist' ? RELIST_VERSION : LIST_VERSION
  if (body === 'watch-list') {
    for (const object of objects(pods, body, encoding)) writer.write(watchFrame(encoding, 'ADDED', 'Pod', object))
    writer.write(bookmark(encoding, version, true))
    return writer.close()
  }
  // protobuf says its length first
  let itemBytes = 0
  let index = 0
  if (encoding === 'protobuf') {
    for (const object of objects(pods, body, encoding)) itemBytes += listItem(encoding, object, 0).length
  }
  const [head, tail] = listEnds(encoding, version, itemBytes)
  writer.write(head)
  for (const object of objects(pods, body, encoding)) writer.write(listItem(encoding, object, index++))
  writer.write(tail)
  writer.close()
}

/** Valid one at a time. */
function* objects(pods: BodyOptions['pods'], body: string, encoding: BodyOptions['encoding']): Generator<Uint8Array> {
  const random = randomFrom(RELIST_VERSION)
  let index = 0
  for (const { encoded, variables } of pods()) {
    const hasChanged = body === 'relist' && index++ % CHANGED === 0
    // the last of the changes is what the list's version is about
    const changed = hasChanged ? vary(variables, RELIST_VERSION - index, random, false) : variables
    yield encoded.write(encoding, changed)
  }
}
