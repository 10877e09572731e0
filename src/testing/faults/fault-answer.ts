import type { ServerResponse } from 'node:http'
import { send } from '../http/exchange.ts'
import type { AnswerFault } from './fault-plan.ts'
import { failure, statusOf } from '../status.ts'

/** The reason that a server gives with a status (apimachinery `pkg/apis/meta/v1`, `StatusReason`). */
const REASONS: { readonly [status: number]: string } = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
}

/** Sends what a test has ordered in place of the true answer. */
export function sendAnswer(response: ServerResponse, fault: AnswerFault): void {
  send(response, fault.status, bodyOf(fault), {
    ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
    ...(fault.contentType === undefined ? {} : { 'content-type': fault.contentType }),
    ...fault.headers,
  })
}

function bodyOf(fault: AnswerFault): string {
  if (typeof fault.body === 'string') return fault.body
  return `${JSON.stringify(fault.body ?? statusFor(fault))}\n`
}

function statusFor({ status, reason = REASONS[status] ?? '', message, causes, retryAfter }: AnswerFault): object {
  const details = {
    ...(causes === undefined ? {} : { causes }),
    ...(typeof retryAfter === 'number' ? { retryAfterSeconds: retryAfter } : {}),
  }
  const text = message ?? `the test server was told to answer ${status}`
  return statusOf(failure(status, reason, text, Object.keys(details).length === 0 ? undefined : details))
}
