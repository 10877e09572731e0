import { KubeflumeError } from '../api/errors.ts'
import type { Redactor } from './redactor.ts'
import { codeOf, messageOf, safeCause } from './safe-cause.ts'

/** Which request failed, in the words of every message about it. */
export interface Attempt {
  /** `GET /api/v1/pods` */
  readonly title: string
  readonly origin: string
  readonly redactor: Redactor
}

const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_UNTRUSTED|INVALID_CA/,
    "its certificate is not signed by the cluster's certificate-authority, or where the kubeconfig names none, by one that Node trusts",
  ],
  [
    /ALTNAME|HOSTNAME_MISMATCH/,
    "its certificate is for other names; the cluster's tls-server-name says which one to expect",
  ],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, "its certificate is not valid at this machine's time"],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/, 'it does not speak TLS on this port; is it an http:// server?'],
  [/ALERT/, 'it ended the handshake; a missing, expired or unknown client certificate does that'],
  [/OSSL|PEM|CRYPTO|KEY_VALUES_MISMATCH/, 'the certificate or the key in the kubeconfig cannot be used'],
]

const TLS_CODE =
  /^(CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL|ERR_CRYPTO|UNABLE_TO_|EPROTO$|UND_ERR_PRX_TLS$)|SELF_SIGNED|INVALID_CA|HOSTNAME_MISMATCH/

/** The connection was never made: nothing was asked of the server. */
const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|ETIMEDOUT|EADDRNOTAVAIL|EACCES|UND_ERR_CONNECT_TIMEOUT|UND_ERR_PRX_CONN|UND_ERR_ABORTED|UND_ERR_SOCKS5\w*)$/

/** Turns what undici rejected with, before the headers of an answer, into an error that names its cause and holds no secret. */
export function networkError(error: unknown, attempt: Attempt): KubeflumeError {
  const code = codeOf(error) ?? ''
  const cause = safeCause(error, attempt.redactor)
  if (TLS_CODE.test(code)) {
    const advice = adviceFor(`${code} ${messageOf(error)}`)
    return make('ERR_TLS', `${attempt.title}: no secure connection to ${attempt.origin}: ${advice}`, cause, false)
  }
  if (isUnreachable(code, error)) {
    return make('ERR_UNREACHABLE', `${attempt.title}: cannot reach ${attempt.origin}: ${cause.message}`, cause, true)
  }
  return make(
    'ERR_CONNECTION_LOST',
    `${attempt.title}: ${attempt.origin} sent no answer: ${cause.message}`,
    cause,
    true,
  )
}

/** The connection was cut in the middle of a body. */
export function cutError(error: unknown, attempt: Attempt): KubeflumeError {
  const cause = safeCause(error, attempt.redactor)
  return make('ERR_CONNECTION_LOST', `${attempt.title}: the answer was cut: ${cause.message}`, cause, true)
}

function isUnreachable(code: string, error: unknown): boolean {
  if (UNREACHABLE.test(code)) return true
  if (code === 'UND_ERR_INVALID_ARG') return /Proxy/.test(messageOf(error)) // undici's code for a 407
  // the same code as a reset later on, and nothing else to tell them apart
  return code === 'ECONNRESET' && /before secure TLS connection/.test(messageOf(error))
}

function adviceFor(text: string): string {
  const found = ADVICE.find(([pattern]) => pattern.test(text))
  return found ? `${found[1]} (${text.split(' ', 1)[0]})` : text
}

function make(
  code: 'ERR_TLS' | 'ERR_UNREACHABLE' | 'ERR_CONNECTION_LOST',
  text: string,
  cause: Error,
  retryable: boolean,
) {
  return new KubeflumeError(code, text, { cause, retryable })
}
