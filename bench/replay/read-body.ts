import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { corpusFolder } from '../corpora/corpus-file.ts'
import { CORPORA, type CorpusName } from '../corpora/corpus-spec.ts'
import { firstItems } from './first-items.ts'

const CHUNK_BYTES = 1024 * 1024
/** Beyond the average length of as many objects, so that the last one is whole. */
const MARGIN = 1.05

export interface BodyToRead {
  readonly corpus: CorpusName
  readonly body: string
  /** A number; without it, all. */
  readonly items: string | undefined
  readonly gzip: boolean
}

/** The body as the chunks in which it is sent. */
export async function readBody({ corpus, body, items, gzip: isCompressed }: BodyToRead): Promise<readonly Buffer[]> {
  const file = join(corpusFolder(corpus), body)
  const pieces = items === undefined ? await Array.fromAsync(chunksOf(file)) : await cut(file, corpus, Number(items))
  return isCompressed ? [...inChunks(await compress(Buffer.concat(pieces)))] : pieces
}

export async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  await using file: FileHandle = await open(path)
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(CHUNK_BYTES))
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** As kube-apiserver compresses: at level 1 (apiserver `endpoints/handlers/responsewriters/writers.go`). */
function compress(bytes: Buffer): Promise<Buffer> {
  return promisify(gzip)(bytes, { level: constants.Z_BEST_SPEED })
}

async function cut(path: string, corpus: CorpusName, count: number): Promise<Buffer[]> {
  await using file = await open(path)
  const { size } = await file.stat()
  const wanted = Math.ceil((size / CORPORA[corpus].count) * count * MARGIN) + CHUNK_BYTES
  const buffer = Buffer.allocUnsafeSlow(Math.min(size, wanted))
  for (let at = 0; at < buffer.length;) at += (await file.read(buffer, at)).bytesRead
  return firstItems(buffer, path.endsWith('.json') ? 'json' : 'protobuf', count).flatMap((part) => [...inChunks(part)])
}

function* inChunks(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES)
}
