import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import protobuf from 'protobufjs'
import { generatePods } from '../src/testing/pods.ts'
import { reflectedType, toMessage } from './pod-message.ts'

export const POD = 'core/v1.Pod'

/** The same LIST of pods in both encodings, as files. */
export interface Corpus {
  readonly json: string
  readonly protobuf: string
  /** The first tenth of the list as JSON, for what is slow. */
  readonly tenth: string
}

/** Writes the corpus of that seed and size into a folder of its own, unless it is there already. */
export function writeCorpus(count: number, seed: number): Corpus {
  const folder = join(tmpdir(), `kubeflume-bench-${count}-${seed}`)
  const corpus = {
    json: join(folder, 'pods.json'),
    protobuf: join(folder, 'pods.pb'),
    tenth: join(folder, 'tenth.json'),
  }
  if (existsSync(corpus.tenth)) return corpus
  mkdirSync(folder, { recursive: true })
  const pods = generatePods(count, { seed }).map(({ metadata, spec, status }, index) => {
    const { name, generateName, namespace, uid, ...more } = metadata
    return {
      metadata: { name, generateName, namespace, uid, resourceVersion: String(1_000_000 + index), ...more },
      spec,
      status,
    }
  })
  writeFileSync(corpus.json, jsonList(pods))
  writeFileSync(corpus.protobuf, protobufList(pods))
  writeFileSync(corpus.tenth, jsonList(pods.slice(0, count / 10)))
  return corpus
}

function jsonList(items: readonly object[]): string {
  return `${JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '2000000' }, items })}\n`
}

function protobufList(items: readonly object[]): Uint8Array {
  const type = reflectedType(POD)
  const list = protobuf.Writer.create()
  list.uint32(10).fork().uint32(18).string('2000000').ldelim()
  for (const item of items) list.uint32(18).bytes(type.encode(toMessage({ ...item }, POD)).finish())
  const unknown = protobuf.Writer.create()
  unknown.uint32(10).fork().uint32(10).string('v1').uint32(18).string('PodList').ldelim()
  unknown.uint32(18).bytes(list.finish()).uint32(26).string('').uint32(34).string('')
  return Buffer.concat([Buffer.from('k8s\0'), unknown.finish()])
}
