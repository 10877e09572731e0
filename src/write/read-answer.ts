import { DecodeError, KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import { isStatus } from '../api/status.ts'

/** As much as an informer takes by default. etcd holds a tenth of it. */
const MAX_BYTES = 16 * 1024 * 1024

/**
 * The object in the answer to a write; undefined where a Status says that it is done. `title` names the write in errors.
 *
 * @throws {KubeflumeError} `ERR_DECODE_SYNTAX`, `ERR_DECODE_TOO_LARGE`, `ERR_UNEXPECTED_KIND`; what reading throws
 */
export async function readAnswer(
  body: AsyncIterable<Uint8Array>,
  title: string,
): Promise<KubernetesObject | undefined> {
  const value = parse(await readBytes(body, title), title)
  if (isStatus(value)) return undefined
  if (isObject(value)) return value
  throw new KubeflumeError('ERR_UNEXPECTED_KIND', `${title}: the answer is no object`, { retryable: false })
}

async function readBytes(body: AsyncIterable<Uint8Array>, title: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes <= MAX_BYTES) continue
    const message = `${title}: the answer is larger than any object`
    throw new DecodeError('ERR_DECODE_TOO_LARGE', message, { offset: MAX_BYTES, retryable: false })
  }
  return Buffer.concat(chunks)
}

/** The error of the parser is not passed on: it quotes the text. */
function parse(bytes: Buffer, title: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new DecodeError('ERR_DECODE_SYNTAX', `${title}: the answer is no JSON`, { offset: 0, retryable: false })
  }
}

function isObject(value: unknown): value is KubernetesObject {
  if (typeof value !== 'object' || value === null) return false
  const { apiVersion, kind, metadata } = value as { readonly [key: string]: unknown }
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata === 'object' && metadata !== null
}
