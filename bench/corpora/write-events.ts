import type { BodyOptions } from './body-options.ts'
import { vary } from './encoded-pod.ts'
import { FileWriter } from './file-writer.ts'
import { type EventType, POD, watchFrame } from './frames.ts'
import type { CorpusPod } from './corpus-pods.ts'
import { EVENTS, LIST_VERSION } from './corpus-spec.ts'
import { randomFrom } from './random.ts'

/** Of a hundred events of a pod that exists, so many say that it is deleted; the next one of it adds its successor. */
const DELETED_PERCENT = 5

/** Writes the stream of watch events that follows a list, of pods chosen at random. */
export function writeEvents(file: string, { pods, encoding }: BodyOptions): void {
  const writer = new FileWriter(file)
  const random = randomFrom(LIST_VERSION)
  const states = Array.from(pods(), (pod) => ({ pod, exists: true }))
  for (let number = 1; number <= EVENTS[encoding]; number++) {
    const state = states[Math.floor(random() * states.length)]!
    const type: EventType = !state.exists ? 'ADDED' : random() * 100 < DELETED_PERCENT ? 'DELETED' : 'MODIFIED'
    state.exists = type !== 'DELETED'
    state.pod = next(state.pod, LIST_VERSION + number, random, type === 'ADDED')
    const { encoded, variables } = state.pod
    writer.write(watchFrame(encoding, type, POD, encoded.write(encoding, variables)))
  }
  writer.close()
}

function next({ encoded, variables }: CorpusPod, version: number, random: () => number, isOther: boolean): CorpusPod {
  return { encoded, variables: vary(variables, version, random, isOther) }
}
