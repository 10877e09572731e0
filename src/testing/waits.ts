import { KubeflumeError } from '../api/errors.ts'
import type { Clock } from '../internal/clock.ts'
import { type Deferred, deferred } from '../internal/deferred.ts'
import { type Until, waitFor } from '../internal/until.ts'
import { parse } from './encoding/encoding.ts'
import type { ServedResource } from './catalog/registry.ts'
import { convert } from './storage/conversion.ts'
import type { Storage } from './storage/storage.ts'

/** Those who wait for an object to become what they want. They hear of every write, whatever watchers hear. */
export class Waits {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #waiting = new Set<Deferred<unknown>>()
  #isStopped = false

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage
    this.#clock = clock
  }

  async waitFor<T>(
    served: ServedResource,
    key: string,
    test: (object: T | undefined) => boolean,
    until: Until,
  ): Promise<T | undefined> {
    if (this.#isStopped) throw stopped()
    const wait = deferred<T | undefined>()
    const look = (): void => {
      try {
        const stored = this.#storage.collection(served).get(key)
        const object = stored === undefined ? undefined : parse<T>(convert(served, stored).bytes)
        if (test(object)) wait.resolve(object)
      } catch (error) {
        wait.reject(error)
      }
    }
    this.#waiting.add(wait)
    const writes = this.#storage.onWrite((version) => {
      if (version.key === key) look()
    })
    const restores = this.#storage.onRestore(look)
    try {
      look()
      return await waitFor(wait.promise, until, this.#clock, () => {
        const what = `${served.resource.plural} ${key} is not as wanted after ${until.timeoutMs} ms`
        return new KubeflumeError('ERR_TIMEOUT', what, { retryable: true })
      })
    } finally {
      writes[Symbol.dispose]()
      restores[Symbol.dispose]()
      this.#waiting.delete(wait)
    }
  }

  stop(): void {
    this.#isStopped = true
    for (const wait of this.#waiting) wait.reject(stopped())
  }
}

function stopped(): KubeflumeError {
  return new KubeflumeError('ERR_STOPPED', 'the test server was stopped')
}
