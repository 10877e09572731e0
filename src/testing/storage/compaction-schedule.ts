import type { Clock } from '../../internal/clock.ts'

/**
 * When the past is forgotten: every five minutes (or as often as is said) up to where things stood one
 * such span before, as kube-apiserver compacts etcd (apiserver `pkg/storage/etcd3/compact.go`).
 *
 * It sets no timer: whoever reads or writes asks first what has fallen due.
 */
export class CompactionSchedule {
  readonly #clock: Clock
  readonly #intervalMs: number
  #markedRevision = 0
  #dueAt: number

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock
    this.#intervalMs = intervalMs
    this.#dueAt = clock.now() + intervalMs
  }

  /** The revision up to which to compact now, if any; `current` has stood since the last write. */
  due(current: number): number | undefined {
    const late = this.#clock.now() - this.#dueAt
    if (!(late >= 0)) return undefined
    const compacted = late >= this.#intervalMs ? current : this.#markedRevision
    this.#markedRevision = current
    this.#dueAt += (Math.floor(late / this.#intervalMs) + 1) * this.#intervalMs
    return compacted
  }
}
