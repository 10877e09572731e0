import { KubeflumeError } from '../api/errors.ts'
import type { KubeConfigLike } from '../api/kube-config.ts'
import { type Clock, systemClock } from '../internal/clock.ts'
import { waitFor } from '../internal/until.ts'
import { type Credentials, CredentialSource } from './credential-source.ts'
import { credentialsError } from './credentials-error.ts'

/** An authenticator that takes longer is given up on, so that one that hangs cannot hang every request for ever. */
const DEADLINE_MS = 120_000

/**
 * The credentials of one transport: read anew for every request, but never twice at a time.
 *
 * client-node starts an exec plugin for each of the requests that find no valid token, so requests
 * that come while one is being read share it.
 */
export class SharedCredentials {
  readonly #clock: Clock
  readonly #closed = new AbortController()
  #source: CredentialSource
  #reading: Promise<Credentials> | undefined

  constructor(kubeConfig: KubeConfigLike, clock: Clock = systemClock) {
    this.#source = new CredentialSource(kubeConfig)
    this.#clock = clock
  }

  get source(): CredentialSource {
    return this.#source
  }

  /** @throws {KubeflumeError} `ERR_CREDENTIALS` */
  current(): Promise<Credentials> {
    if (this.#reading !== undefined) return this.#reading
    const reading = this.#read(this.#source).finally(() => {
      if (this.#reading === reading) this.#reading = undefined
    })
    reading.catch(() => {}) // those who asked may all have given up
    return (this.#reading = reading)
  }

  /**
   * Credentials that no authenticator has cached, after the server refused `refused`. Requests that
   * were refused together share one renewal.
   *
   * @throws {KubeflumeError} `ERR_CREDENTIALS`
   */
  renewed(refused: Credentials): Promise<Credentials> {
    if (refused.source === this.#source) {
      this.#source = this.#source.renewed()
      this.#reading = undefined
    }
    return this.current()
  }

  /** Leaves no timer behind. */
  close(): void {
    this.#closed.abort()
  }

  async #read(source: CredentialSource): Promise<Credentials> {
    const { signal } = this.#closed
    try {
      const until = { signal, timeoutMs: DEADLINE_MS }
      const credentials = await waitFor(
        source.read(),
        until,
        this.#clock,
        () => new KubeflumeError('ERR_TIMEOUT', 'no credentials'),
      )
      checkHeaders(credentials.headers)
      return credentials
    } catch (error) {
      throw credentialsError(error, source.user())
    }
  }
}

/** HTTP's rule for header values. undici would refuse them too, but say less. */
function checkHeaders(headers: Credentials['headers']): void {
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue
    const message = `the ${name} header of the credentials has characters that HTTP does not allow, a line break perhaps`
    throw new KubeflumeError('ERR_CREDENTIALS', message)
  }
}
