/** How the objects of one answer are written. */
export interface Representation {
  /** Whole, as their metadata alone, or as rows of a Table. */
  readonly form: 'object' | 'metadata' | 'table'
  readonly encoding: 'json' | 'protobuf' | 'yaml'
  /** The version of `PartialObjectMetadata` and `Table`, in `meta.k8s.io`. */
  readonly metaVersion: 'v1' | 'v1beta1'
  /** What a row of a Table carries of its object. */
  readonly includeObject: 'None' | 'Metadata' | 'Object'
  /** JSON for human eyes. */
  readonly isPretty: boolean
}

const CONTENT_TYPES: { readonly [encoding in Representation['encoding']]: string } = {
  json: 'application/json',
  protobuf: 'application/vnd.kubernetes.protobuf',
  yaml: 'application/yaml',
}

/** A watch in JSON says nothing of it being one (apiserver `pkg/endpoints/handlers/watch.go`). */
export function contentTypeOf({ encoding }: Pick<Representation, 'encoding'>, isWatch = false): string {
  const type = CONTENT_TYPES[encoding]
  return isWatch && encoding !== 'json' ? `${type};stream=watch` : type
}
