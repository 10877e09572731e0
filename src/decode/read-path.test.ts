import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseFieldPath, readFieldPath } from '../api/field-path.ts'
import { resources } from '../api/generated/index.ts'
import type { WireObject } from '../api/wire-object.ts'
import { createListDecoder } from './index.ts'
import { readWirePath } from './read-path.ts'

/** The same list, as a real server sent it. */
const load = (file: string, contentType: string): readonly WireObject[] =>
  createListDecoder({ contentType, resource: resources.core.v1.pods }).push(
    readFileSync(new URL(`../../examples/data/${file}`, import.meta.url)),
  )
const roads = {
  JSON: load('pods.json', 'application/json'),
  protobuf: load('pods.pb', 'application/vnd.kubernetes.protobuf'),
}

const paths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.labels.app',
  'metadata.labels.none',
  'metadata.creationTimestamp',
  'metadata.generation',
  'metadata.managedFields.manager',
  'spec.containers.image',
  'spec.containers[*].name',
  'spec.containers.resources',
  'spec.schedulerName',
  'spec.enableServiceLinks',
  'spec.terminationGracePeriodSeconds',
  'spec.tolerations.key',
  'spec.tolerations.tolerationSeconds',
  'spec.nodeName',
  'status.phase',
  'status.qosClass',
  'apiVersion',
  'kind',
  'nothing.here',
  "metadata.labels['app']",
]

describe.each(Object.entries(roads))('a path read from the bytes of %s', (_road, objects) => {
  test.each(paths)('%s gives what decoding gives', (path) => {
    const parts = parseFieldPath(path)
    for (const object of objects) {
      const decoded = readFieldPath(object.decode(), parts).filter((value) => typeof value !== 'object')
      expect(readWirePath(object, parts)).toEqual(decoded)
    }
  })
})
