import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { FieldPath } from '../api/field-path.ts'
import { resources } from '../api/generated/index.ts'
import { createListDecoder } from './index.ts'

/** The same list by both roads, as a real server sent it. */
function decode(file: string, contentType: string, omit: readonly FieldPath[]): unknown[] {
  const body = readFileSync(new URL(`../../examples/data/${file}`, import.meta.url))
  const decoder = createListDecoder({ contentType, resource: resources.core.v1.pods, omit })
  const items = decoder.push(body).map((item) => item.decode())
  decoder.end()
  return items
}

const paths: readonly (readonly FieldPath[])[] = [
  [],
  ['metadata.managedFields'],
  ['metadata.labels'],
  ['metadata.creationTimestamp', 'metadata.generation'],
  ['metadata.managedFields.fieldsV1'],
  [['metadata', 'managedFields', 'fieldsV1', 'f:spec']],
  ['metadata.managedFields[*].manager', 'metadata.managedFields.time'],
  ['spec'],
  ['spec.containers'],
  ['spec.containers.image', 'spec.containers.name'],
  ['spec.containers[*].resources'],
  ['spec.tolerations.tolerationSeconds'],
  ['spec.terminationGracePeriodSeconds', 'spec.securityContext', 'spec.enableServiceLinks'],
  ['status'],
  ['status.phase', 'status.qosClass'],
  ['nothing', 'spec.nothing.at.all'],
]

describe('what is omitted', () => {
  test.each(paths)('%j %j is left out alike in JSON and in protobuf', (...omit) => {
    const fromJson = decode('pods.json', 'application/json', omit)
    expect(decode('pods.pb', 'application/vnd.kubernetes.protobuf', omit)).toEqual(fromJson)
    expect(fromJson).toHaveLength(3)
  })

  test('may be the last entry of a map, which protobuf then does not have: it has no empty maps', () => {
    const omit = [['metadata', 'labels', 'app']]
    expect(decode('pods.json', 'application/json', omit)[0]).toMatchObject({ metadata: { labels: {} } })
    const [pod] = decode('pods.pb', 'application/vnd.kubernetes.protobuf', omit)
    expect((pod as { metadata: object }).metadata).not.toHaveProperty('labels')
  })
})
