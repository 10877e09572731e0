import type { ServerResponse } from 'node:http'
import { ApiError } from '../../api/errors.ts'
import { BackwardWriter } from '../encoding/backward-writer.ts'
import { toJson } from '../encoding/encoding.ts'
import { writeStatus } from '../encoding/envelope.ts'
import { isForHumans, negotiateStatus } from '../encoding/media-type.ts'
import { contentTypeOf } from '../encoding/representation.ts'
import { failure, type StatusBody, statusOf } from '../status.ts'
import { send } from './exchange.ts'
import { transformOf } from './pretty.ts'

/** Answers with a Status, in the encoding that the client takes: it is the same message in all of them. */
export function sendStatus(response: ServerResponse, status: StatusBody): void {
  const { headers, url = '' } = response.req
  const encoding = negotiateStatus(headers.accept)
  const query = Object.fromEntries(new URLSearchParams(url.split('?')[1]))
  // Who takes nothing of it gets JSON with indents: the server writes it past its own encoders.
  const isPretty = encoding === undefined || (encoding === 'json' && isForHumans({ headers, query }))
  const body = encoding === 'protobuf' ? inProtobuf(status) : Buffer.from(`${toJson(status)}\n`)
  const transform = transformOf({ encoding: encoding ?? 'json', isPretty })
  send(response, status.code ?? 200, transform === undefined ? body : transform(body), {
    'content-type': contentTypeOf({ encoding: encoding ?? 'json' }),
    ...retryAfter(status),
  })
}

/** Answers with what went wrong. Anything but an {@link ApiError} is a mistake of this server, and is shown. */
export function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ApiError ? error : failure(500, 'InternalError', `Internal error occurred: ${String(error)}`)
  sendStatus(response, statusOf(known))
}

function retryAfter({ details }: StatusBody): { readonly [name: string]: string } {
  const seconds = details?.retryAfterSeconds
  return seconds === undefined ? {} : { 'retry-after': String(seconds) }
}

function inProtobuf(status: StatusBody): Buffer {
  const out = new BackwardWriter()
  writeStatus(out, status)
  return out.copy()
}
