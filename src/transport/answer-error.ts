import { ApiError, KubeflumeError } from '../api/errors.ts'
import { type KubernetesStatus, isStatus, parseRetryAfter } from '../api/status.ts'
import type { Attempt } from './network-error.ts'

/** Not imported: for the names of a module Node evaluates all that it has, and loads 2 MB for the WebSocket among them. */
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** Of the body of an error no more is read: a Status is a few hundred bytes, a login page has no end. */
const MAX_BODY_BYTES = 64 * 1024
const MAX_TEXT_LENGTH = 512

/** Reads an object from a body by its Content-Type; throws where it cannot. */
export type StatusReader = (contentType: string, bytes: Uint8Array) => unknown

/** Without another one: JSON, whatever the Content-Type says. */
export const readJsonStatus: StatusReader = (_contentType, bytes) => JSON.parse(Buffer.from(bytes).toString())

interface RefusedAnswer {
  readonly status: number
  readonly header: (name: string) => string | undefined
  /** Begins to read it. May throw. */
  readonly body: () => AsyncIterable<Uint8Array>
}

/** Reads an answer other than 200 and makes an ApiError of it. Nothing of the request's credentials gets into it. */
export async function refusal(answer: RefusedAnswer, attempt: Attempt, readStatus: StatusReader): Promise<ApiError> {
  const { status, header } = answer
  const bytes = await readBytes(answer.body)
  const read = () => readStatus(header('content-type') ?? '', bytes)
  const body = statusOf(read, attempt) ?? attempt.redactor.text(bytes.toString()).slice(0, MAX_TEXT_LENGTH)
  const says = attempt.redactor.text(whatItSays(answer, body, attempt))
  const message = `${attempt.title}: ${status} ${STATUS_CODES[status] ?? 'Unknown status'}${says && `: ${says}`}`
  return new ApiError(status, message, {
    ...(body !== '' && { body }),
    retryAfterMs: parseRetryAfter(header('retry-after'), dateOf(header('date'))),
  })
}

/** The error for a 200 that no API server would send. Its body is neither read nor shown. */
export function wrongContentType(contentType: string, attempt: Attempt): KubeflumeError {
  const said = contentType ? attempt.redactor.text(contentType) : 'no content type'
  return new KubeflumeError(
    'ERR_CONTENT_TYPE',
    `${attempt.title}: 200 with ${said}: a login page or a proxy answered, not the API server`,
    { retryable: true },
  )
}

async function readBytes(body: RefusedAnswer['body']): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body()) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= MAX_BODY_BYTES) break
    }
  } catch {
    // what was read has to do: the status says more than how its body ended
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES)
}

function statusOf(read: () => unknown, attempt: Attempt): KubernetesStatus | undefined {
  try {
    const value = attempt.redactor.json(read())
    return isStatus(value) ? value : undefined
  } catch {
    return undefined // of no encoding that is known, or nested too deeply to be a Status
  }
}

function whatItSays({ status, header }: RefusedAnswer, body: KubernetesStatus | string, attempt: Attempt): string {
  if (status >= 300 && status < 400) {
    return `redirected to ${targetOf(header('location'), attempt.origin)}, which is not followed`
  }
  if (typeof body !== 'string') return typeof body.message === 'string' ? body.message : ''
  const isText = header('content-type')?.startsWith('text/plain') === true
  return isText ? body.trim().replaceAll(/\s+/g, ' ') : ''
}

/** Without query, fragment and user info: where a login page is redirected to, they hold tokens. */
function targetOf(location: string | undefined, origin: string): string {
  const url = location === undefined ? null : URL.parse(location, origin)
  return url === null ? 'nowhere' : `${url.protocol}//${url.host}${url.pathname}`
}

/** A date in Retry-After is by the server's clock, so the server's Date is what to compare it with. */
function dateOf(header: string | undefined): number {
  const date = Date.parse(header ?? '')
  return Number.isNaN(date) ? Date.now() : date
}
