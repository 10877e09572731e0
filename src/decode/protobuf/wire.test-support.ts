/** Writes protobuf for tests, by protobufjs: nothing of the decoder under test is in it. */
import protobuf from 'protobufjs/minimal.js'

type Fields = readonly (readonly [field: number, value: string | number | Uint8Array])[]

/** A message of strings, numbers and messages, in the order given. */
export function message(fields: Fields): Uint8Array {
  const writer = protobuf.Writer.create()
  for (const [field, value] of fields) {
    if (typeof value === 'number') writer.uint32(field * 8).int64(value)
    else if (typeof value === 'string') writer.uint32(field * 8 + 2).string(value)
    else writer.uint32(field * 8 + 2).bytes(value)
  }
  return writer.finish()
}

export interface TestMeta {
  readonly name?: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly labels?: { readonly [label: string]: string }
  readonly managers?: readonly string[]
}

export function objectMeta({
  name = 'a',
  namespace = 'web',
  uid = 'u',
  resourceVersion = '7',
  labels = {},
  managers = [],
}: TestMeta): Uint8Array {
  return message([
    [1, name],
    [3, namespace],
    [5, uid],
    [6, resourceVersion],
    ...Object.entries(labels).map(
      ([key, value]) =>
        [
          11,
          message([
            [1, key],
            [2, value],
          ]),
        ] as const,
    ),
    ...managers.map((manager) => [17, message([[1, manager]])] as const),
  ])
}

/** A ConfigMap: metadata, and data as a map. */
export function configMap(meta: TestMeta, data: { readonly [key: string]: string } = {}): Uint8Array {
  return message([
    [1, objectMeta(meta)],
    ...Object.entries(data).map(
      ([key, value]) =>
        [
          2,
          message([
            [1, key],
            [2, value],
          ]),
        ] as const,
    ),
  ])
}

export function listMessage(items: readonly Uint8Array[], resourceVersion = '42', token = ''): Uint8Array {
  const meta = message([[2, resourceVersion], ...(token === '' ? [] : ([[3, token]] as const))])
  return message([[1, meta], ...items.map((item) => [2, item] as const)])
}

export function envelope(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  const unknown = message([
    [
      1,
      message([
        [1, apiVersion],
        [2, kind],
      ]),
    ],
    [2, raw],
    [3, ''],
    [4, ''],
  ])
  return Buffer.concat([Buffer.from('k8s\0'), unknown])
}

export function event(type: string, object: Uint8Array): Uint8Array {
  const body = message([
    [1, type],
    [2, message([[1, object]])],
  ])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  return Buffer.concat([length, body])
}
