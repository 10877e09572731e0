import { ApiError } from '../api/errors.ts'
import type { Resource } from '../api/resource.ts'

/**
 * `metav1.Status` as the server writes it, in the order of its fields. Texts, reasons and codes are
 * those of k8s.io/apimachinery `pkg/api/errors`.
 */
export interface StatusBody {
  readonly kind: 'Status'
  readonly apiVersion: 'v1'
  readonly metadata: { readonly continue?: string }
  readonly status: 'Success' | 'Failure'
  readonly message?: string
  readonly reason?: string
  readonly details?: StatusDetails
  readonly code?: number
}

export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly StatusCause[]
  readonly retryAfterSeconds?: number
}

/** One of `details.causes` of a Status. */
export interface StatusCause {
  readonly reason?: string
  readonly message?: string
  readonly field?: string
}

/** Which resource, and where known which object, a Status speaks of. */
type Subject = Pick<Resource, 'group' | 'plural'>

/** A failed request. It is thrown by the code that finds it and becomes the answer over HTTP, or the caller's error in process. */
export function failure(
  code: number,
  reason: string,
  message: string,
  details?: StatusDetails,
  metadata: StatusBody['metadata'] = {},
): ApiError {
  const body: StatusBody = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata,
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  }
  return new ApiError(code, message, { body })
}

/** The Status of a {@link failure}. */
export function statusOf(error: ApiError): StatusBody {
  return error.body as StatusBody
}

export function notFound(subject: Subject, name: string): ApiError {
  return failure(404, 'NotFound', `${qualified(subject)} "${name}" not found`, detailsOf(subject, name))
}

/** Of a path that leads nowhere, in a group and version that exist. */
export function noSuchResource(): ApiError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function alreadyExists(subject: Subject, name: string): ApiError {
  return failure(409, 'AlreadyExists', `${qualified(subject)} "${name}" already exists`, detailsOf(subject, name))
}

export const OBJECT_MODIFIED =
  'the object has been modified; please apply your changes to the latest version and try again'

export function conflict(subject: Subject, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(subject)} "${name}": ${why}`
  return failure(409, 'Conflict', message, detailsOf(subject, name))
}

export function badRequest(message: string): ApiError {
  return failure(400, 'BadRequest', message)
}

/** One field that breaks a rule; `type` is the `field.ErrorType`, `message` what `ErrorBody()` says. */
export interface FieldError {
  readonly field: string
  readonly type: 'FieldValueForbidden' | 'FieldValueNotSupported' | 'FieldValueRequired' | 'FieldValueInvalid'
  readonly message: string
}

/** `kind` is qualified by its group: `ListOptions.meta.k8s.io`. */
export function invalid(
  kind: { kind: string; group: string },
  name: string,
  errors: readonly [FieldError, ...FieldError[]],
): ApiError {
  const texts = errors.map(({ field, message }) => `${field}: ${message}`)
  const list = texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`
  const title = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`
  return failure(422, 'Invalid', `${title} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.kind,
    causes: errors.map(({ field, type, message }) => ({ reason: type, message, field })),
  })
}

export function expired(message: string, continueToken?: string): ApiError {
  return failure(410, 'Expired', message, undefined, continueToken === undefined ? {} : { continue: continueToken })
}

/** A version that this server has not reached: `NewTooLargeResourceVersionError` of k8s.io/apiserver `pkg/storage`. */
export function tooLargeResourceVersion(asked: number, current: number, retryAfterSeconds?: number): ApiError {
  return failure(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  })
}

export function tooManyRequests(message: string, retryAfterSeconds: number): ApiError {
  return failure(429, 'TooManyRequests', message, { retryAfterSeconds })
}

export function notAcceptable(accepted: readonly string[]): ApiError {
  return failure(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`)
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`
  return failure(415, 'UnsupportedMediaType', message)
}

/** `pods`, `deployments.apps`. */
function qualified({ group, plural }: Subject): string {
  return group === '' ? plural : `${plural}.${group}`
}

function detailsOf({ group, plural }: Subject, name: string): StatusDetails {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural }
}
