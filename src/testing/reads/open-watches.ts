import type { ServerResponse } from 'node:http'
import type { Clock } from '../../internal/clock.ts'
import type { FaultPlan } from '../faults/fault-plan.ts'
import type { Storage } from '../storage/storage.ts'
import type { EventEncoder } from '../encoding/watch-events.ts'
import { WatchStream } from './watch-stream.ts'

/** All the watches that are open now; every write goes through here on its way to them. */
export class OpenWatches {
  readonly #streams = new Map<WatchStream, EventEncoder>()
  readonly #clock: Clock
  readonly #storage: Storage
  readonly #listening: Disposable

  constructor({ clock, storage, faults }: { clock: Clock; storage: Storage; faults: FaultPlan }) {
    this.#clock = clock
    this.#storage = storage
    this.#listening = storage.onWrite((version, served) => {
      if (faults.eventsToLose > 0) {
        faults.eventsToLose--
        return
      }
      for (const [stream, encoder] of this.#streams) if (encoder.served === served) stream.hear(version)
    })
  }

  open(response: ServerResponse, encoder: EventEncoder, isDeaf: boolean): WatchStream {
    const stream = new WatchStream(response, encoder, {
      clock: this.#clock,
      currentRevision: () => this.#storage.revision,
      isDeaf,
    })
    this.#streams.set(stream, encoder)
    response.once('close', () => this.#streams.delete(stream))
    return stream
  }

  /** Those that are open at the call; more may open and others end meanwhile. */
  get all(): readonly WatchStream[] {
    return [...this.#streams.keys()]
  }

  /** Takes away every timer; the connections are for the server to close. */
  stop(): void {
    for (const stream of this.all) stream.deafen()
    this.#listening[Symbol.dispose]()
  }
}
