import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { chain } from 'stream-chain'
import { parser } from 'stream-json'
import { pick } from 'stream-json/filters/pick.js'
import { streamArray } from 'stream-json/streamers/stream-array.js'
import { request } from 'undici'
import { createListDecoder, type DecoderOptions, type ListDecoder } from '../src/decode/index.ts'
import type { KubernetesObject } from '../src/api/object.ts'
import type { WireObject } from '../src/api/wire-object.ts'
import { type Corpus, POD } from './corpus.ts'
import { type Sample, timed } from './measure.ts'
import { reflectedType } from './pod-message.ts'

/** As much as a socket gives at once. */
const CHUNK_BYTES = 64 * 1024
const PROTOBUF = { contentType: 'application/vnd.kubernetes.protobuf' }
const JSON_ = { contentType: 'application/json' }

type Item = WireObject<KubernetesObject>

export interface TaskInput {
  readonly corpus: Corpus
  /** Serves the protobuf body over loopback. */
  readonly url: string
}

/** Each is run in a process of its own, which has done nothing before. */
export const TASKS: { readonly [name: string]: (input: TaskInput) => Promise<Sample> } = {
  'json-parse': ({ corpus }) => {
    const body = readFileSync(corpus.json, 'utf8')
    return timed(() => JSON.parse(body))
  },
  'json-frames': ({ corpus }) => frame(corpus.json, JSON_),
  'json-frames-omit': ({ corpus }) => frame(corpus.json, { ...JSON_, omit: ['metadata.managedFields'] }),
  'json-frames-bytes': ({ corpus }) => {
    Reflect.deleteProperty(globalThis, 'WebAssembly')
    return frame(corpus.json, JSON_)
  },
  'json-frames-tenth': ({ corpus }) => frame(corpus.tenth, JSON_),
  'json-memory': ({ corpus }) => memory(corpus.json, JSON_),
  'protobuf-memory': ({ corpus }) => memory(corpus.protobuf, PROTOBUF),
  'stream-json': ({ corpus }) => {
    const body = readFileSync(corpus.tenth)
    return timed(() => streamed(body))
  },
  'protobuf-drop': ({ url }) => timed(() => download(url, () => {})),
  'protobuf-frames': ({ url }) => {
    const decoder = createListDecoder(PROTOBUF)
    const kept: Item[] = []
    return timed(async () => {
      await download(url, (chunk) => keep(decoder.push(chunk), kept))
      decoder.end()
    })
  },
  'json-items-parse': ({ corpus }) => {
    const texts = items(corpus.json, JSON_).map(({ bytes }) => Buffer.from(bytes).toString('utf8'))
    return timed(() => {
      for (const text of texts) JSON.parse(text)
    })
  },
  'protobuf-decode': ({ corpus }) => {
    const objects = items(corpus.protobuf, PROTOBUF)
    checkSame(objects, corpus)
    return timed(() => {
      for (const object of objects) object.decode()
    })
  },
  protobufjs: ({ corpus }) => {
    const objects = items(corpus.protobuf, PROTOBUF)
    const type = reflectedType(POD)
    return timed(() => {
      for (const { bytes } of objects) type.decode(bytes)
    })
  },
  'json-items-parse-warm': ({ corpus }) => {
    const texts = items(corpus.json, JSON_).map(({ bytes }) => Buffer.from(bytes).toString())
    return warm(() => {
      for (const text of texts) JSON.parse(text)
    })
  },
  'protobuf-decode-warm': ({ corpus }) => {
    const objects = items(corpus.protobuf, PROTOBUF)
    return warm(() => {
      for (const object of objects) object.decode()
    })
  },
  'protobuf-decode-informer-warm': ({ corpus }) => {
    const objects = items(corpus.protobuf, { ...PROTOBUF, omit: ['metadata.managedFields'] })
    return warm(() => {
      for (const object of objects) object.decode()
    })
  },
  'protobufjs-warm': ({ corpus }) => {
    const objects = items(corpus.protobuf, PROTOBUF)
    const type = reflectedType(POD)
    return warm(() => {
      for (const { bytes } of objects) type.decode(bytes)
    })
  },
}

/** The second time in one process: what V8 compiles has been compiled. */
function warm(run: () => void): Promise<Sample> {
  run()
  return timed(run)
}

function keep(found: readonly Item[], kept: Item[]): void {
  for (const item of found) kept.push(item)
}

function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += CHUNK_BYTES) yield body.subarray(at, at + CHUNK_BYTES)
}

function pushAll(body: Buffer, decoder: ListDecoder<KubernetesObject>): Item[] {
  const kept: Item[] = []
  for (const chunk of chunksOf(body)) keep(decoder.push(chunk), kept)
  decoder.end()
  return kept
}

function items(file: string, options: DecoderOptions): Item[] {
  return pushAll(readFileSync(file), createListDecoder(options))
}

function frame(file: string, options: DecoderOptions): Promise<Sample> {
  const body = readFileSync(file)
  return timed(() => pushAll(body, createListDecoder(options)))
}

/** What is alive in the middle of a list whose items are let go, besides what was alive before the list. */
async function memory(file: string, options: DecoderOptions): Promise<Sample> {
  const body = readFileSync(file)
  const first = createListDecoder(options)
  for (const chunk of chunksOf(body.subarray(0, body.length / 2))) first.push(chunk)
  const before = await alive()
  const decoder = createListDecoder(options)
  let bytes = 0
  let turn = 0
  for (const chunk of chunksOf(body)) {
    decoder.push(chunk)
    if (++turn % 100 === 0) bytes = Math.max(bytes, (await alive()) - before)
  }
  decoder.end()
  return { bytes }
}

/** The memory of collected buffers is given back by another thread, a little later. */
async function alive(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await setTimeout(5)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function download(url: string, take: (chunk: Uint8Array) => void): Promise<void> {
  const { body } = await request(url)
  for await (const chunk of body) take(chunk as Uint8Array)
}

async function streamed(body: Buffer): Promise<number> {
  const values = chain([parser(), pick({ filter: 'items' }), streamArray()])
  let count = 0
  values.on('data', () => count++)
  const ended = new Promise((resolve, reject) => values.on('end', resolve).on('error', reject))
  for (const chunk of chunksOf(body))
    if (!values.write(chunk)) await new Promise((resolve) => values.once('drain', resolve))
  values.end()
  await ended
  return count
}

/** That the two bodies are the same list is what makes the figures comparable. */
function checkSame(objects: readonly Item[], corpus: Corpus): void {
  const others = items(corpus.tenth, JSON_)
  for (let i = 0; i < 50; i++) {
    const plain = (object: Item): unknown => JSON.parse(JSON.stringify(object.decode()))
    if (!isDeepStrictEqual(plain(objects[i]!), plain(others[i]!))) throw new Error(`item ${i} differs`)
  }
}
