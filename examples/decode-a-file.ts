/**
 * Lesson 2: the decoders alone. They turn bytes into objects, wherever the bytes come from.
 *
 *     kubectl get --raw /api/v1/pods > pods.json
 *     node examples/decode-a-file.ts pods.json
 *
 * or a body saved as protobuf (`Accept: application/vnd.kubernetes.protobuf`). Without a file it takes the
 * two samples beside it, which are the same list.
 */
import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { createListDecoder, type ListDecoder } from 'kubeflume/decode'

/** Every protobuf body of the API begins with these four bytes. */
const PROTOBUF_PREFIX = 'k8s\0'

const sample = (name: string): string => fileURLToPath(new URL(`data/${name}`, import.meta.url))
const [file] = process.argv.slice(2)

if (file !== undefined) {
  for await (const object of objectsOf(file)) console.log(JSON.stringify(object))
} else {
  const fromJson = await Array.fromAsync(objectsOf(sample('pods.json')))
  const fromProtobuf = await Array.fromAsync(objectsOf(sample('pods.pb')))
  console.log(`the same ${fromJson.length} objects by both roads: ${isDeepStrictEqual(fromJson, fromProtobuf)}`)
}

/** Decodes a file as it is read: however large it is, one chunk and one unfinished item are in memory. */
async function* objectsOf(path: string): AsyncGenerator {
  let decoder: ListDecoder<unknown> | undefined
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    decoder ??= createListDecoder({ contentType: contentTypeOf(chunk), omit: ['metadata.managedFields'] })
    for (const item of decoder.push(chunk)) {
      console.error(`${item.key}: ${item.bytes.length} bytes of ${item.encoding}`) // known without decoding
      yield item.decode()
    }
  }
  decoder?.end() // throws if the file is cut short: then these were not all
}

function contentTypeOf(start: Buffer): string {
  const isProtobuf = start.toString('latin1', 0, PROTOBUF_PREFIX.length) === PROTOBUF_PREFIX
  return isProtobuf ? 'application/vnd.kubernetes.protobuf' : 'application/json'
}
