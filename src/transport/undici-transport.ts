import { inspect } from 'node:util'
import { KubeflumeError } from '../api/errors.ts'
import type { KubeConfigLike } from '../api/kube-config.ts'
import type { RequestObserver } from '../api/request-observer.ts'
import { onAbort, orAborted } from '../internal/abort.ts'
import { Answer, type AnswerHead } from './answer.ts'
import { readJsonStatus, refusal, type StatusReader, wrongContentType } from './answer-error.ts'
import { checkedDispatcher } from './checked-dispatcher.ts'
import { Connections } from './connections.ts'
import type { CredentialSource, Credentials } from './credential-source.ts'
import { SharedCredentials } from './credentials.ts'
import { type Attempt, networkError } from './network-error.ts'
import { Redactor } from './redactor.ts'
import { measureRequest } from './request-measure.ts'
import { type OutgoingRequest, requestHeaders, requestPath } from './request-headers.ts'
import { readBody } from './response-body.ts'
import { type ServerAddress, noCluster, parseServer } from './server-address.ts'
import type { TransportRequest, TransportResponse } from './transport.ts'
import type { WriteRequest, WriteTransport } from './write-transport.ts'

export interface TransportOptions {
  /**
   * Whether to speak HTTP/2 where the server does. Default: false. Over HTTP/2 all requests share one
   * connection, so a LIST that is read slowly holds up the watches, and large lists take half as long again.
   */
  readonly allowH2?: boolean
  /** Reads the Status in the body of an error. Default: JSON alone. */
  readonly readStatus?: StatusReader
  /** Must not throw. */
  readonly observer?: RequestObserver
}

/**
 * Makes the way to the cluster of the kubeconfig's current context. It stays with that context, whatever
 * becomes current later, and connects with the first request.
 */
export function createTransport(kubeConfig: KubeConfigLike, options: TransportOptions = {}): WriteTransport {
  return new UndiciTransport(kubeConfig, options)
}

/** Of a read: 200 alone. A write may have created something, or have begun what takes longer. */
const READ: ReadonlySet<number> = new Set([200])
const WRITTEN: ReadonlySet<number> = new Set([200, 201, 202])

interface Answered extends AnswerHead {
  readonly body: Answer
  readonly attempt: Attempt
}

class UndiciTransport implements WriteTransport {
  readonly #credentials: SharedCredentials
  readonly #reading: Connections
  readonly #writing: Connections
  readonly #underWay = new Set<AbortController>()
  readonly #readStatus: StatusReader
  readonly #observer: RequestObserver
  #isClosed = false

  constructor(kubeConfig: KubeConfigLike, options: TransportOptions) {
    const { allowH2 = false, readStatus = readJsonStatus, observer = {} } = options
    this.#readStatus = readStatus
    this.#observer = observer
    this.#credentials = new SharedCredentials(kubeConfig)
    this.#reading = new Connections({ allowH2, purpose: 'reads' })
    this.#writing = new Connections({ allowH2, purpose: 'writes' })
  }

  get(request: TransportRequest): Promise<TransportResponse> {
    return this.#exchange({ ...request, method: 'GET' })
  }

  send(request: WriteRequest): Promise<TransportResponse> {
    return this.#exchange({ ...request, compress: false })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const reason = closedError()
    for (const ending of this.#underWay) ending.abort(reason)
    this.#credentials.close()
    await Promise.all([this.#reading.destroy(), this.#writing.destroy()])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** What is shown of it: nothing that came with the kubeconfig but the server. */
  [inspect.custom](): string {
    const server = URL.parse(this.#credentials.source.cluster()?.server ?? '')?.origin ?? 'none'
    return `Transport { server: '${server}', closed: ${this.#isClosed} }`
  }

  async #exchange(request: OutgoingRequest): Promise<TransportResponse> {
    if (this.#isClosed) throw closedError()
    const ending = new AbortController()
    const listening = onAbort(request.signal, () => ending.abort(request.signal.reason))
    this.#underWay.add(ending)
    const release = () => {
      listening[Symbol.dispose]()
      this.#underWay.delete(ending)
    }
    try {
      ending.signal.throwIfAborted()
      const answered = await this.#ask(request, ending.signal)
      void answered.body.over.then(release)
      return await accept(answered, request, [ending.signal, request.signal], this.#readStatus)
    } catch (error) {
      release()
      throw ending.signal.aborted ? ending.signal.reason : error
    }
  }

  async #ask(request: OutgoingRequest, signal: AbortSignal): Promise<Answered> {
    serverOf(this.#credentials.source) // before an exec plugin is started in vain
    const credentials = await orAborted(this.#credentials.current(), signal)
    const answered = await this.#send(request, credentials, signal)
    if (answered.status !== 401) return answered
    answered.body.stop()
    const renewed = await orAborted(this.#credentials.renewed(credentials), signal)
    return this.#send(request, renewed, signal)
  }

  async #send(request: OutgoingRequest, credentials: Credentials, signal: AbortSignal): Promise<Answered> {
    const server = serverOf(credentials.source)
    const redactor = new Redactor(credentials.headers)
    const attempt = { title: `${request.method} ${request.path}`, origin: server.origin, redactor }
    const { method, beforeSend, readsAtOnce = false } = request
    const connections = method === 'GET' ? this.#reading : this.#writing
    const pool = connections.to(server.origin, credentials.route)
    const dispatcher = beforeSend === undefined ? pool : checkedDispatcher(pool, beforeSend)
    const measured = measureRequest(this.#observer, request, server.origin)
    const body = new Answer(readsAtOnce)
    onAbort(signal, () => body.abort(signal.reason))
    try {
      dispatcher.dispatch(
        {
          origin: server.origin,
          path: requestPath(request, server.prefix),
          method,
          ...(request.body !== undefined && { body: request.body }),
          headers: requestHeaders(request, credentials.headers, server.host),
          // the caller's signal is the only deadline: a watch may be silent for minutes, and its server slow to begin
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        body,
      )
      const { status, header } = await body.head
      measured?.({ status })
      return { status, header, body, attempt }
    } catch (cause) {
      const error = cause instanceof KubeflumeError ? cause : networkError(cause, attempt) // ours: of `beforeSend`
      measured?.({ error })
      throw error
    }
  }
}

function serverOf(source: CredentialSource): ServerAddress {
  const cluster = source.cluster()
  if (cluster === null) throw noCluster(source.context)
  return parseServer(cluster.server)
}

async function accept(
  { status, header, body: answer, attempt }: Answered,
  { method, readsAtOnce }: OutgoingRequest,
  signals: readonly AbortSignal[],
  readStatus: StatusReader,
): Promise<TransportResponse> {
  const options = { encoding: header('content-encoding'), attempt, signals }
  const body = () => readBody(answer, options)
  try {
    const successes = method === 'GET' ? READ : WRITTEN
    if (!successes.has(status)) throw await refusal({ status, header, body }, attempt, readStatus)
    const contentType = header('content-type') ?? ''
    if (!isOfAnApiServer(contentType)) throw wrongContentType(contentType, attempt)
    return { contentType, body: readBody(answer, { ...options, readsAtOnce }) }
  } catch (error) {
    answer.stop()
    throw error
  }
}

/** JSON, protobuf and CBOR, each also as a sequence: everything a list or a watch comes in. */
function isOfAnApiServer(contentType: string): boolean {
  return /^application\/[^;]*(json|protobuf|cbor)/i.test(contentType.trim())
}

function closedError(): KubeflumeError {
  return new KubeflumeError('ERR_STOPPED', 'the transport is closed')
}
