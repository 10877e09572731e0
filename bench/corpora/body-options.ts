import type { Encoding } from './frames.ts'
import type { CorpusPod } from './corpus-pods.ts'
import type { BodyName } from './corpus-spec.ts'

/** Which body is to be written, and of which pods. */
export interface BodyOptions {
  readonly pods: () => Iterable<CorpusPod>
  readonly body: BodyName
  readonly encoding: Encoding
}
