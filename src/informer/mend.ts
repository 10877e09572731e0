import type { KubernetesObject } from '../api/object.ts'
import type { WireObject } from '../api/wire-object.ts'
import { TimeSlice } from '../internal/time-slice.ts'
import type { Comparison } from './comparison.ts'
import type { VerifyContext } from './verify.ts'

/** Puts right what is wrong in a store, and no event has put right since. Subscribers are told. */
export async function mend<T extends KubernetesObject>(
  { store, signal }: Pick<VerifyContext<T>, 'store' | 'signal'>,
  comparison: Comparison<T>,
  wires: ReadonlyMap<string, WireObject<T>>,
): Promise<void> {
  const slice = new TimeSlice()
  for (const entry of comparison.extra) {
    if (comparison.isUntouched(entry.key)) store.drop(entry)
    if (slice.isOver) await slice.turn()
    signal.throwIfAborted()
  }
  for (const [key, wire] of wires) {
    if (comparison.isUntouched(key)) store.mend(wire)
    if (slice.isOver) await slice.turn()
    signal.throwIfAborted()
  }
}
