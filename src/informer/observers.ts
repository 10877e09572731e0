import { KubeflumeError } from '../api/errors.ts'
import type { Observer } from '../api/observer.ts'
import { callGuarded } from '../internal/call-guarded.ts'

/**
 * Several observers as one. A method is there while one of them has it, so that nobody puts an event
 * together that nobody hears. What one throws is reported, and the others still hear.
 */
export class Observers implements Observer {
  readonly #observers: readonly Observer[]
  readonly #onError: (error: KubeflumeError) => void

  constructor(observers: readonly Observer[], onError: (error: KubeflumeError) => void) {
    this.#observers = observers
    this.#onError = onError
  }

  get list(): Observer['list'] {
    return this.#all('list')
  }

  get page(): Observer['page'] {
    return this.#all('page')
  }

  get relist(): Observer['relist'] {
    return this.#all('relist')
  }

  get watchEnd(): Observer['watchEnd'] {
    return this.#all('watchEnd')
  }

  get quarantined(): Observer['quarantined'] {
    return this.#all('quarantined')
  }

  get backoff(): Observer['backoff'] {
    return this.#all('backoff')
  }

  get handled(): Observer['handled'] {
    return this.#all('handled')
  }

  get coalesced(): Observer['coalesced'] {
    return this.#all('coalesced')
  }

  #all(name: keyof Observer): ((event: unknown) => void) | undefined {
    const hearing = (this.#observers as readonly Hearing[]).filter((observer) => observer[name] !== undefined)
    if (hearing.length === 0) return undefined
    const threw = (cause: unknown): void =>
      this.#onError(new KubeflumeError('ERR_HANDLER', `an observer threw on ${name}`, { cause }))
    return (event) => {
      for (const observer of hearing) callGuarded(() => observer[name]?.(event), threw)
    }
  }
}

type Hearing = { readonly [name in keyof Observer]?: (event: unknown) => void }
