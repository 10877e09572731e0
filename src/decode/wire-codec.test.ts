import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import type { WireObject } from '../api/wire-object.ts'
import { createListDecoder } from './index.ts'
import { wireCodec } from './wire-codec.ts'

const load = (file: string, contentType: string): readonly WireObject[] =>
  createListDecoder({ contentType, resource: resources.core.v1.pods, omit: ['spec.containers'] }).push(
    readFileSync(new URL(`../../examples/data/${file}`, import.meta.url)),
  )

describe.each([
  ['pods.json', 'application/json'],
  ['pods.pb', 'application/vnd.kubernetes.protobuf'],
])('an object of %s', (file, contentType) => {
  test('is itself again when it is put together of its parts', () => {
    for (const object of load(file, contentType)) {
      const { key, namespace, name, uid, resourceVersion, bytes, encoding } = object
      const form = wireCodec.formOf(object)
      const again = wireCodec.revive({ key, namespace, name, uid, resourceVersion }, Buffer.from(bytes), form)
      expect(again).toMatchObject({ key, namespace, name, uid, resourceVersion, encoding })
      expect(again.decode()).toEqual(object.decode())
      expect(wireCodec.readPath(again, ['kind'])).toEqual(['Pod'])
    }
  })

  test('has the form of its list, and not that of another one', () => {
    const [one, other] = [load(file, contentType), load(file, contentType)]
    const forms = one.map((object) => wireCodec.formOf(object))
    expect(new Set(forms).size).toBe(1)
    expect(wireCodec.formOf(other[0]!)).not.toBe(forms[0])
    expect(wireCodec.formOf(one[0]!)).toBe(forms[0])
  })
})
