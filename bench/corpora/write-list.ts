import type { BodyOptions } from './body-options.ts'
import { vary } from './encoded-pod.ts'
import { POD } from './frames.ts'
import { CHANGED, LIST_VERSION, RELIST_VERSION } from './corpus-spec.ts'
import { randomFrom } from './random.ts'
import { writeObjects } from './write-objects.ts'

/** Writes a LIST of pods, the same as a watch-list, or the LIST in which 1 % has changed. */
export function writeList(file: string, { pods, body, encoding }: BodyOptions): void {
  writeObjects(file, {
    kind: POD,
    encoding,
    version: body === 'relist' ? RELIST_VERSION : LIST_VERSION,
    isWatchList: body === 'watch-list',
    objects: () => objects(pods, body, encoding),
  })
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
