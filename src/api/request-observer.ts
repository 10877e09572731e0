import type { KubeflumeError } from './errors.ts'

/** A request was answered, or was not. One that was sent again, with new credentials after a 401, is two. */
export interface RequestObservation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Of the server, with its port where that is not the scheme's own. */
  readonly host: string
  /** undefined: no answer came. */
  readonly status: number | undefined
  /** Whether it asks for a stream without an end: a watch, or a watch-list. */
  readonly isWatch: boolean
  /** Until the head of the answer had come; its body is not waited for. */
  readonly durationMs: number
  /** Why no answer came: an abort, too. */
  readonly error: KubeflumeError | undefined
}

/** Hears of each request, of informers and writers: as the channel `kubeflume:request` of `node:diagnostics_channel`. */
export interface RequestObserver {
  readonly request?: ((event: RequestObservation) => void) | undefined
}
