/** What `metav1.Status` has of use to a client. Every field may be missing: it comes from anyone between us and the server. */
export interface KubernetesStatus {
  readonly kind?: string
  readonly status?: string
  readonly message?: string
  readonly reason?: string
  readonly code?: number
  readonly details?: {
    readonly retryAfterSeconds?: number
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[]
  }
}

/** No server may put a client to sleep for longer than this, whatever it says. */
export const MAX_RETRY_AFTER_MS: number = 5 * 60_000

export function isStatus(value: unknown): value is KubernetesStatus {
  return typeof value === 'object' && value !== null && (value as KubernetesStatus).kind === 'Status'
}

export function retryAfterOf(status: KubernetesStatus | undefined): number | undefined {
  const seconds = status?.details?.retryAfterSeconds
  return typeof seconds === 'number' && seconds > 0 ? clampRetryAfter(seconds * 1000) : undefined
}

/**
 * Reads a Retry-After header (RFC 9110): seconds or a date, here as milliseconds from `nowMs`, between
 * 0 and five minutes. What is neither is undefined: a wrong header is no reason to wait, nor to hurry.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim()
  if (!text) return undefined
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return clampRetryAfter(Number(text) * 1000)
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : clampRetryAfter(date - nowMs)
}

function clampRetryAfter(ms: number): number {
  return Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS)
}
