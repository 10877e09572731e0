import type { KubeflumeError } from '../api/errors.ts'

/** How a run of a key ended. */
export type RunResult =
  | { readonly outcome: 'done'; readonly requeueAfterMs: number | undefined }
  /** Not to be tried again. */
  | { readonly outcome: 'terminal'; readonly error: KubeflumeError }
  /** To be tried again, not before `retryAfterMs` where the server asked for that. */
  | { readonly outcome: 'failed'; readonly error: KubeflumeError; readonly retryAfterMs: number | undefined }
