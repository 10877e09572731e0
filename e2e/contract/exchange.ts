import type { IncomingHttpHeaders } from 'node:http'

/** What one request was answered, as the transcript of a case has it. */
export interface Exchange {
  /** `GET /api/v1/pods?limit=2`, and what else of the request decides the answer. */
  readonly request: string
  status: number
  readonly headers: { [name: string]: string }
  /** What the body says: a document, the text, or the events of a watch in their order. */
  body: unknown
}

/** Headers that a client may rely on. The rest differs from request to request. */
const RECORDED = ['content-type', 'cache-control', 'retry-after', 'warning', 'allow', 'content-encoding', 'vary']

export function recordedHeaders(headers: IncomingHttpHeaders): Exchange['headers'] {
  const recorded: Exchange['headers'] = {}
  for (const name of RECORDED) if (headers[name] !== undefined) recorded[name] = String(headers[name])
  return recorded
}
