import { SEED } from './corpus-spec.ts'
import { EncodedPod, type Variables, vary } from './encoded-pod.ts'
import { FIRST_VERSION, type Shape, shapePods } from './pod-shape.ts'
import { randomFrom } from './random.ts'

/** A pod of a corpus: what it is made of, and what makes it this one. */
export interface CorpusPod {
  readonly encoded: EncodedPod
  readonly variables: Variables
}

export interface PodsOptions {
  readonly shape: Shape
  readonly count: number
}

/** So many pods are encoded; the others are these with other names, uids, addresses and digests. */
const ENCODED = 20_000

/** The pods of a corpus one by one, the same at each call. */
export function* corpusPods({ shape, count }: PodsOptions): Generator<CorpusPod> {
  const encoded = encodedPods(shape, Math.min(count, ENCODED))
  const random = randomFrom(SEED)
  for (let index = 0; index < count; index++) {
    const pod = encoded[index % encoded.length]!
    if (index < encoded.length) yield { encoded: pod, variables: pod.variables }
    else yield { encoded: pod, variables: vary(pod.variables, FIRST_VERSION + index, random, true) }
  }
}

/** Kept for the bodies that follow: encoding them takes longer than all else. */
const kept = new Map<string, readonly EncodedPod[]>()

function encodedPods(shape: Shape, count: number): readonly EncodedPod[] {
  const key = `${shape} ${count}`
  const pods = kept.get(key) ?? shapePods(shape, count, SEED).map((pod) => new EncodedPod(pod))
  kept.set(key, pods)
  return pods
}
