import type { ServerResponse } from 'node:http'
import type { Clock } from '../../internal/clock.ts'
import type { BodyWriter } from '../http/body-writer.ts'
import type { FaultPlan } from '../faults/fault-plan.ts'
import type { Storage } from '../storage/storage.ts'
import type { EventEncoder } from '../encoding/watch-events.ts'
import { WatchStream } from './watch-stream.ts'

/** All the watches that are open now, whoever tells them what happens. */
export class OpenWatches {
  readonly #streams = new Set<WatchStream>()
  readonly #clock: Clock
  /** The revisions of events that are kept from watchers. */
  readonly #lost = new Set<number>()

  /** It must hear of a write before the caches do. */
  constructor({ clock, storage, faults }: { clock: Clock; storage: Storage; faults: FaultPlan }) {
    this.#clock = clock
    storage.onWrite(({ revision }) => {
      this.#lost.delete(revision) // a storage that was restored gives it out again
      if (faults.eventsToLose === 0) return
      faults.eventsToLose--
      this.#lost.add(revision)
    })
  }

  open(response: ServerResponse, body: BodyWriter, encoder: EventEncoder, isDeaf: boolean): WatchStream {
    const isLost = (revision: number): boolean => this.#lost.has(revision)
    const stream = new WatchStream(response, body, encoder, { clock: this.#clock, isLost, isDeaf })
    this.#streams.add(stream)
    response.once('close', () => this.#streams.delete(stream))
    return stream
  }

  /** Those that are open at the call; more may open and others end meanwhile. */
  get all(): readonly WatchStream[] {
    return [...this.#streams]
  }

  /** Takes away every timer; the connections are for the server to close. */
  stop(): void {
    for (const stream of this.all) stream.deafen()
  }
}
