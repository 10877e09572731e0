const REDACTED = '[redacted]'

/** Shorter ones are no secrets, and would blot out ordinary words. */
const MIN_SECRET_LENGTH = 4

/**
 * Takes the credentials of one request out of whatever is to be shown of its answer.
 *
 * A server, or a proxy before it, may repeat a request's headers in an error. Those who write logs
 * must not need to know. Impersonation headers are names, not secrets, and stay readable.
 */
export class Redactor {
  readonly #secrets: readonly string[]

  constructor(headers: { readonly [name: string]: string }) {
    const secrets = Object.entries(headers)
      .filter(([name]) => !name.startsWith('impersonate-'))
      .flatMap(([, value]) => formsOf(value))
      .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    // the longest first: a part of a secret must not spoil the match of the whole
    this.#secrets = [...new Set(secrets)].toSorted((a, b) => b.length - a.length)
  }

  text(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text)
  }

  /** A copy of parsed JSON with every string and every name in it redacted. */
  json(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map((item) => this.json(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [this.text(name), this.json(item)]))
  }
}

/** How a header's secret may come back: whole, without its scheme, decoded, and as URLs, host names and some JSON write it. */
function formsOf(value: string): string[] {
  const [scheme, token] = splitScheme(value)
  const plain = scheme?.toLowerCase() === 'basic' ? fromBasic(token) : []
  return [value, token, ...plain].flatMap((form) => [
    form,
    form.toLowerCase(),
    encodeURIComponent(form),
    form.replaceAll('/', '\\/'),
  ])
}

function splitScheme(value: string): [scheme: string | undefined, token: string] {
  const match = /^(\S+)\s+(.+)$/.exec(value)
  return match?.[1] && match[2] ? [match[1], match[2]] : [undefined, value]
}

function fromBasic(token: string): string[] {
  const pair = Buffer.from(token, 'base64').toString()
  return [pair, pair.slice(pair.indexOf(':') + 1)]
}
