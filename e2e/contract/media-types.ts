export const JSON_TYPE = 'application/json'
export const PROTOBUF = 'application/vnd.kubernetes.protobuf'
export const YAML = 'application/yaml'
export const MERGE_PATCH = 'application/merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'
export const STRATEGIC_PATCH = 'application/strategic-merge-patch+json'
export const APPLY_PATCH = 'application/apply-patch+yaml'

export function isProtobuf(contentType: string): boolean {
  return contentType.startsWith(PROTOBUF)
}

export function isYaml(contentType: string): boolean {
  return contentType.startsWith(YAML)
}

/** Asks for another form of what is there: `Table`, `PartialObjectMetadataList`. */
export function as(kind: string, mediaType: string = JSON_TYPE): string {
  return `${mediaType};as=${kind};g=meta.k8s.io;v=v1`
}
