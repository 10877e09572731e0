import { notAcceptable } from '../status.ts'

/** In which form objects are sent: whole, or their metadata alone. JSON is the only encoding for now. */
export type Representation = 'object' | 'metadata'

const ACCEPTED = ['application/json']

/**
 * Chooses by the `Accept` header: the first of its media types that the server can write. Protobuf and
 * Table are passed over, as a server does for a resource that has no such form; a client that names
 * nothing else gets 406.
 *
 * @throws {ApiError} 406
 */
export function negotiate(accept: string | undefined, isList: boolean): Representation {
  for (const range of (accept ?? '*/*').split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    if (!['', '*/*', 'application/*', 'application/json'].includes(type.toLowerCase())) continue
    const { as, g, v, stream } = Object.fromEntries(parameters.map((parameter) => parameter.split('=')))
    if (stream !== undefined && stream !== 'watch') continue
    if (as === undefined) return 'object'
    const wanted = isList ? 'PartialObjectMetadataList' : 'PartialObjectMetadata'
    if (as === wanted && g === 'meta.k8s.io' && v === 'v1') return 'metadata'
  }
  throw notAcceptable(ACCEPTED)
}
