import type { Dispatcher } from 'undici'

type Handler = Dispatcher.DispatchHandler

/**
 * A dispatcher that calls `check` right before a request is written to its socket: connections, credentials and
 * queues are behind it then. What `check` throws is what the request fails with, and nothing of it is sent.
 */
export function checkedDispatcher(dispatcher: Dispatcher, check: () => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => dispatch(options, new CheckedHandler(handler, check)))
}

class CheckedHandler implements Handler {
  readonly #handler: Handler
  readonly #check: () => void

  constructor(handler: Handler, check: () => void) {
    this.#handler = handler
    this.#check = check
  }

  onRequestStart(...[controller, context]: Parameters<NonNullable<Handler['onRequestStart']>>): void {
    this.#handler.onRequestStart?.(controller, context)
    this.#check()
  }

  onRequestUpgrade(...upgrade: Parameters<NonNullable<Handler['onRequestUpgrade']>>): void {
    this.#handler.onRequestUpgrade?.(...upgrade)
  }

  onResponseStart(...start: Parameters<NonNullable<Handler['onResponseStart']>>): void {
    this.#handler.onResponseStart?.(...start)
  }

  onResponseData(...data: Parameters<NonNullable<Handler['onResponseData']>>): void {
    this.#handler.onResponseData?.(...data)
  }

  onResponseEnd(...end: Parameters<NonNullable<Handler['onResponseEnd']>>): void {
    this.#handler.onResponseEnd?.(...end)
  }

  onResponseError(...error: Parameters<NonNullable<Handler['onResponseError']>>): void {
    this.#handler.onResponseError?.(...error)
  }
}
