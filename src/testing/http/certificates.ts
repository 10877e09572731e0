import type { CertificateExtension } from 'selfsigned'
import { KubeflumeError } from '../../api/errors.ts'

export interface Certificates {
  /** In PEM: what signed the server's certificate. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Makes an authority and a certificate of the server signed by it, valid for a day around now, for
 * `127.0.0.1`, `::1` and `localhost`.
 *
 * @throws {KubeflumeError} `ERR_OPTION` where the optional peer dependency `selfsigned` is not installed
 */
export async function createCertificates(): Promise<Certificates> {
  const { generate } = await loadSelfsigned()
  const common = {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: new Date(Date.now() + DAY_MS),
  } as const
  const authority = await generate([{ name: 'commonName', value: 'kubeflume test authority' }], {
    ...common,
    extensions: AUTHORITY,
  })
  const server = await generate([{ name: 'commonName', value: 'kubeflume test server' }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: SERVER,
  })
  return { authority: authority.cert, certificate: server.cert, key: server.private }
}

const AUTHORITY: CertificateExtension[] = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
]
const SERVER: CertificateExtension[] = [
  { name: 'basicConstraints', cA: false, critical: true },
  { name: 'keyUsage', digitalSignature: true, critical: true },
  { name: 'extKeyUsage', serverAuth: true },
  {
    name: 'subjectAltName',
    altNames: [
      { type: 2, value: 'localhost' },
      { type: 7, ip: '127.0.0.1' },
      { type: 7, ip: '::1' },
    ],
  },
]

async function loadSelfsigned(): Promise<typeof import('selfsigned')> {
  try {
    return await import('selfsigned')
  } catch (cause) {
    const message = "a server with tls needs the package 'selfsigned': install it as a development dependency"
    throw new KubeflumeError('ERR_OPTION', message, { cause })
  }
}
