import type { CheckResult } from './health-check.ts'

/** What is used of an `IncomingMessage` of `node:http`. */
export interface HealthRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
}

/** What is used of a `ServerResponse` of `node:http`. */
export interface HealthResponse {
  writeHead(status: number, headers: { [name: string]: string }): unknown
  end(body?: string): unknown
}

type Endpoint = () => { readonly checks: readonly CheckResult[] }

const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** Answers a probe in the API server's words (apiserver/pkg/server/healthz). */
export function answerHealth(
  { healthz, readyz }: { readonly healthz: Endpoint; readonly readyz: Endpoint },
  { method = 'GET', url = '/' }: HealthRequest,
  response: HealthResponse,
): void {
  const send = (status: number, body: string, headers = {}): void => {
    response.writeHead(status, { ...HEADERS, ...headers })
    response.end(method === 'HEAD' ? undefined : `${body}\n`)
  }
  const { pathname = '', searchParams } = URL.parse(url, 'http://localhost') ?? {}
  const [, name, only] = /^\/(healthz|livez|readyz)(?:\/(.+))?$/.exec(pathname) ?? []
  if (name === undefined) return send(404, 'not found')
  if (method !== 'GET' && method !== 'HEAD') return send(405, 'method not allowed', { allow: 'GET, HEAD' })
  const { checks } = name === 'readyz' ? readyz() : healthz()
  const asked = only === undefined ? checks : checks.filter((check) => encodeURI(check.name) === only)
  if (only !== undefined && asked.length === 0) return send(404, 'no such check')
  const excluded = new Set(searchParams?.getAll('exclude'))
  const counted = asked.filter((check) => !excluded.has(check.name))
  const isHealthy = counted.every(({ problem }) => problem === undefined)
  if (isHealthy && !searchParams?.has('verbose')) return send(200, 'ok')
  const lines = asked.map((check) => (excluded.has(check.name) ? `[+]${check.name} excluded: ok` : lineOf(check)))
  send(isHealthy ? 200 : 503, [...lines, `${name} check ${isHealthy ? 'passed' : 'failed'}`].join('\n'))
}

/** One line, whatever a server wrote into the problem. */
function lineOf({ name, problem }: CheckResult): string {
  return problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem.replaceAll(/\s+/g, ' ')}`
}
