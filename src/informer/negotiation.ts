import { isMetadataOnly, type Resource } from '../api/resource.ts'

export type Encoding = 'protobuf' | 'json'

const MEDIA_TYPES: { readonly [encoding in Encoding]: string } = {
  protobuf: 'application/vnd.kubernetes.protobuf',
  json: 'application/json',
}

/**
 * The `Accept` header: the encodings in the order in which they are liked. What comes back is decoded by its
 * own Content-Type, so a server that knows only JSON is no error.
 */
export function acceptHeader(resource: Resource, encodings: readonly Encoding[], what: 'list' | 'watch'): string {
  const partialKind = what === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata'
  const parameters = isMetadataOnly(resource) ? `;as=${partialKind};g=meta.k8s.io;v=v1` : ''
  return encodings.map((encoding) => MEDIA_TYPES[encoding] + parameters).join(', ')
}
