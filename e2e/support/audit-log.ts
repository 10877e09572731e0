import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A LIST or WATCH as kube-apiserver saw it. */
export interface AuditedRequest {
  readonly verb: 'list' | 'watch'
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** The HTTP status, or that of the Status in a stream. */
  readonly status: number
  readonly userAgent: string
}

const POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  verbs: [list, watch]
- level: None
`

interface AuditEvent {
  readonly stage: string
  readonly verb: 'list' | 'watch'
  readonly requestURI: string
  readonly userAgent?: string
  readonly responseStatus?: { readonly code?: number }
}

/** The server's own record of the reads it was asked for: it says what was sent, whoever sent it. */
export class AuditLog {
  readonly #policyFile: string
  readonly #logFile: string

  constructor(folder: string) {
    this.#policyFile = join(folder, 'audit-policy.yaml')
    this.#logFile = join(folder, 'audit.log')
    writeFileSync(this.#policyFile, POLICY)
    writeFileSync(this.#logFile, '')
  }

  get apiServerFlags(): readonly string[] {
    // "blocking": what has been answered has been written, also when the server is killed after it.
    return [`--audit-policy-file=${this.#policyFile}`, `--audit-log-path=${this.#logFile}`, '--audit-log-mode=blocking']
  }

  /** In the order in which they were answered; a watch when it was accepted or refused. */
  read(): AuditedRequest[] {
    return readFileSync(this.#logFile, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}')) // the last one may be under way
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter(({ verb, stage }) => stage === (verb === 'watch' ? 'ResponseStarted' : 'ResponseComplete'))
      .map(toRequest)
  }
}

function toRequest({ verb, requestURI, userAgent, responseStatus }: AuditEvent): AuditedRequest {
  const { pathname, searchParams } = new URL(requestURI, 'https://server.invalid')
  const query = Object.fromEntries(searchParams)
  return { verb, path: pathname, query, status: responseStatus?.code ?? 0, userAgent: userAgent ?? '' }
}
