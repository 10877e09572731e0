import type { InformerStatus } from './informer-status.ts'
import type { Resource } from './resource.ts'
import { type KubernetesStatus, retryAfterOf } from './status.ts'

/** Every code an error of this library can carry. Each one is explained in `docs/errors.md`. */
export type ErrorCode =
  // what the caller passed
  | 'ERR_KEY'
  | 'ERR_OPTION'
  | 'ERR_SELECTOR'
  | 'ERR_INDEX'
  | 'ERR_INDEX_CONFLICT'
  | 'ERR_SCOPE_SHARED'
  | 'ERR_DEFINITION'
  // the way to the server
  | 'ERR_NO_CLUSTER'
  | 'ERR_CREDENTIALS'
  | 'ERR_UNREACHABLE'
  | 'ERR_TLS'
  | 'ERR_CONNECTION_LOST'
  | 'ERR_SERVER_SILENT'
  // what the server answered
  | 'ERR_API'
  | 'ERR_BAD_REQUEST'
  | 'ERR_UNAUTHORIZED'
  | 'ERR_FORBIDDEN'
  | 'ERR_NOT_FOUND'
  | 'ERR_CONFLICT'
  | 'ERR_RESOURCE_EXPIRED'
  | 'ERR_RESOURCE_VERSION_TOO_LARGE'
  | 'ERR_TOO_MANY_REQUESTS'
  | 'ERR_UNAVAILABLE'
  | 'ERR_REDIRECT'
  | 'ERR_CONTENT_TYPE'
  | 'ERR_UNEXPECTED_KIND'
  | 'ERR_NO_RESOURCE_VERSION'
  | 'ERR_CONTINUE_TOKEN'
  | 'ERR_DUPLICATE_KEY'
  | 'ERR_STORAGE_READ'
  // the bytes of an answer
  | 'ERR_DECODE_SYNTAX'
  | 'ERR_DECODE_TRUNCATED'
  | 'ERR_DECODE_TOO_LARGE'
  | 'ERR_DECODE_TOO_DEEP'
  | 'ERR_DECODE_KEY'
  | 'ERR_DECODE_OBJECT'
  // the life of an informer
  | 'ERR_HANDLER'
  | 'ERR_FILTER'
  | 'ERR_TRANSFORM'
  | 'ERR_SYNC'
  | 'ERR_RESOURCE_VERSION'
  | 'ERR_STORAGE_RESTORED'
  | 'ERR_STOPPED'
  | 'ERR_TIMEOUT'
  // the runs of a controller
  | 'ERR_RECONCILE'
  | 'ERR_TERMINAL'
  // leaders and events
  | 'ERR_LEASE_LOST'
  | 'ERR_EVENT'

/** What an error of this library is made with. */
export interface KubeflumeErrorOptions {
  readonly cause?: unknown
  readonly retryable?: boolean | undefined
}

/**
 * Makes `instanceof` work by a registered symbol, so that an error thrown by one copy of this
 * package is recognised by another (the rule is undici's). A class derived elsewhere keeps the
 * ordinary meaning.
 */
function isInstance(asked: unknown, branded: unknown, symbol: symbol, value: unknown): boolean {
  if (asked !== branded) return Function.prototype[Symbol.hasInstance].call(asked, value)
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[symbol] === true
}

const KUBEFLUME_ERROR: unique symbol = Symbol.for('kubeflume.error') as never
const API_ERROR: unique symbol = Symbol.for('kubeflume.error.api') as never
const DECODE_ERROR: unique symbol = Symbol.for('kubeflume.error.decode') as never
const SYNC_ERROR: unique symbol = Symbol.for('kubeflume.error.sync') as never

/** Every error of this library. Match on `code`; messages may change. No message or field ever holds a credential. */
export class KubeflumeError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(this, KubeflumeError, KUBEFLUME_ERROR, value)
  }

  override readonly name: string = 'KubeflumeError'
  readonly code: ErrorCode
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retryable: boolean

  constructor(code: ErrorCode, message: string, options: KubeflumeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
    brand(this, KUBEFLUME_ERROR)
  }
}

/** What an `ApiError` is made with, beside status and message. */
export interface ApiErrorOptions extends KubeflumeErrorOptions {
  readonly body?: unknown
  readonly retryAfterMs?: number | undefined
}

/** The server answered, and the answer was no: an HTTP status, or the Status of a watch's ERROR event. */
export class ApiError extends KubeflumeError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(this, ApiError, API_ERROR, value)
  }

  override readonly name: string = 'ApiError'
  /** The HTTP status, or the `code` of the Status object where that came in a stream. */
  readonly status: number
  /** The machine-readable reason of the Status body: `'Expired'`, `'Forbidden'` … */
  declare readonly reason?: string
  /** How long the server asks to wait, in milliseconds, capped at five minutes. */
  declare readonly retryAfterMs?: number
  /** The Status object, or the first 512 characters of a body that was none. */
  declare readonly body?: unknown

  constructor(status: number, message: string, options: ApiErrorOptions = {}) {
    const body = asStatus(options.body)
    const code = codeOf(status, body)
    super(code, message, { cause: options.cause, retryable: options.retryable ?? !PERMANENT.has(status) })
    this.status = status
    const retryAfterMs = options.retryAfterMs ?? retryAfterOf(body)
    if (body?.reason) this.reason = body.reason
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
    if (options.body !== undefined) this.body = options.body
    brand(this, API_ERROR)
  }
}

/** The bytes of an answer are not what they should be. */
export class DecodeError extends KubeflumeError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(this, DecodeError, DECODE_ERROR, value)
  }

  override readonly name: string = 'DecodeError'
  /** Where: bytes from the start of the (inflated) body, or of the item for `ERR_DECODE_OBJECT`. */
  readonly offset: number
  /** The object's key, where it was readable. */
  declare readonly key?: string

  constructor(
    code: ErrorCode,
    message: string,
    options: KubeflumeErrorOptions & { readonly offset: number; readonly key?: string | undefined },
  ) {
    super(code, `${message} (at byte ${options.offset})`, {
      cause: options.cause,
      retryable: options.retryable ?? true,
    })
    this.offset = options.offset
    if (options.key !== undefined) this.key = options.key
    brand(this, DECODE_ERROR)
  }
}

/** An informer is not synced, and this is why: `informers` has the status of each one that is waited for. */
export class SyncError extends KubeflumeError {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(this, SyncError, SYNC_ERROR, value)
  }

  override readonly name: string = 'SyncError'
  readonly informers: readonly { readonly resource: Resource; readonly status: InformerStatus }[]

  constructor(
    code: ErrorCode,
    informers: readonly { readonly resource: Resource; readonly status: InformerStatus }[],
    options: KubeflumeErrorOptions = {},
  ) {
    const reasons = informers.map(({ resource, status }) => `${resource.plural}: ${status.reason}`)
    super(code, `not synced: ${reasons.join('; ')}`, options)
    this.informers = informers
    brand(this, SYNC_ERROR)
  }
}

/**
 * Returns the Status reason (`'NotFound'`, `'Conflict'` …) of an ApiError of this library or of an
 * `ApiException` of client-node, whose body is the Status as an object or as text. Otherwise undefined.
 */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof ApiError) return error.reason
  if (typeof error !== 'object' || error === null || !('body' in error)) return undefined
  const { body } = error
  if (typeof body !== 'string') return asStatus(body)?.reason
  try {
    return asStatus(JSON.parse(body))?.reason
  } catch {
    return undefined // a body that is no JSON has no reason
  }
}

/** Answers that stay the same until somebody changes the request: a programmer's error. */
const PERMANENT: ReadonlySet<number> = new Set([400, 405, 406, 415, 422])

const CODES: { readonly [status: number]: ErrorCode } = {
  400: 'ERR_BAD_REQUEST',
  401: 'ERR_UNAUTHORIZED',
  403: 'ERR_FORBIDDEN',
  404: 'ERR_NOT_FOUND',
  405: 'ERR_BAD_REQUEST',
  406: 'ERR_BAD_REQUEST',
  409: 'ERR_CONFLICT',
  410: 'ERR_RESOURCE_EXPIRED',
  415: 'ERR_BAD_REQUEST',
  422: 'ERR_BAD_REQUEST',
  429: 'ERR_TOO_MANY_REQUESTS',
  503: 'ERR_UNAVAILABLE',
}

function codeOf(status: number, body: KubernetesStatus | undefined): ErrorCode {
  const causes = body?.details?.causes ?? []
  if (causes.some((cause) => cause.reason === 'ResourceVersionTooLarge')) return 'ERR_RESOURCE_VERSION_TOO_LARGE'
  // how a patch for an object that is gone fails on the next one of its name: ValidateObjectMetaUpdate in apimachinery
  if (causes.some((cause) => cause.field === 'metadata.uid')) return 'ERR_CONFLICT'
  if (body?.reason === 'StorageReadError') return 'ERR_STORAGE_READ'
  if (status >= 300 && status < 400) return 'ERR_REDIRECT'
  return CODES[status] ?? 'ERR_API'
}

function asStatus(body: unknown): KubernetesStatus | undefined {
  return typeof body === 'object' && body !== null ? (body as KubernetesStatus) : undefined
}

/** Non-enumerable, so that inspecting an error shows what happened and not how it is recognised. */
function brand(error: object, symbol: symbol): void {
  Object.defineProperty(error, symbol, { value: true })
}
