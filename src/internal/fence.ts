/**
 * What stands between those who write and a span of time in which they may, known by its signal. A signal alone
 * aborts by a timer, which comes late where the process was stopped or its event loop was held up.
 */
export interface Fence {
  /** Throws the signal's reason if the span is over, be its timer late or not. */
  check(): void
  /** Says that a write is about to be sent: until it is answered it may be done at any time. */
  sent(): void
  /** Says that one of those is done, or never will be. */
  answered(): void
}

const fences = new WeakMap<AbortSignal, Fence>()

export function putFence(signal: AbortSignal, fence: Fence): void {
  fences.set(signal, fence)
}

/** That of the signal; for one that has none, the signal itself. */
export function fenceOf(signal: AbortSignal): Fence {
  return fences.get(signal) ?? { check: () => signal.throwIfAborted(), sent: () => {}, answered: () => {} }
}
