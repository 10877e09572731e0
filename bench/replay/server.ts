// A server that answers with bodies from files, as fast as a socket takes them:
//
//     node bench/replay/server.ts A list.protobuf relist.protobuf
//
// Its arguments are the corpus, and those of its bodies that are read into memory before anything is served: reading
// them while they are sent would halve the rate. It prints its URL as a line of JSON, and ends with its standard input.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { corpusFolder } from '../corpora/corpus-file.ts'
import { bodyFile, type BodyName, type CorpusName, LIST_VERSION, RELIST_VERSION } from '../corpora/corpus-spec.ts'
import { bookmark, type Encoding, expired } from '../corpora/frames.ts'

const MEDIA_TYPES = { protobuf: 'application/vnd.kubernetes.protobuf', json: 'application/json' } as const
const CHUNK_BYTES = 1024 * 1024

/** The watches that are open, and whether the list has changed since the beginning. */
const watches = new Map<ServerResponse, Encoding>()
let hasChanged = false
/** A command that comes before the first watch waits for it. */
const firstWatch = Promise.withResolvers<void>()

const [name, ...preloaded] = process.argv.slice(2)
const folder = corpusFolder(name as CorpusName)
const inMemory = new Map<string, readonly Buffer[]>()
for (const body of preloaded) inMemory.set(body, await Array.fromAsync(chunks(body)))
const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()))
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
process.stdin.resume().on('end', () => process.exit())

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url!, 'http://replay')
  if (request.method === 'POST') return await command(pathname, response)
  if (!pathname.endsWith('/pods')) return refuse(response, 404, 'NotFound')
  const encoding = request.headers.accept?.includes('protobuf') ? 'protobuf' : 'json'
  if (['1', 'true'].includes(query.get('watch') ?? '')) return await watch(encoding, query, response)
  response.setHeader('content-type', MEDIA_TYPES[encoding])
  if (request.headers.accept?.includes('PartialObjectMetadataList')) return probe(response)
  await send(hasChanged ? 'relist' : 'list', encoding, response)
  response.end()
}

/** `POST /bench/events` sends the events on every watch, `POST /bench/relist` ends every watch and changes the list; any other does nothing. */
async function command(pathname: string, response: ServerResponse): Promise<void> {
  response.end()
  await firstWatch.promise
  if (pathname === '/bench/events') {
    await Promise.all([...watches].map(([opened, encoding]) => send('events', encoding, opened)))
  }
  if (pathname === '/bench/relist') {
    hasChanged = true
    for (const [opened, encoding] of watches) opened.end(expired(encoding))
  }
}

async function watch(encoding: Encoding, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const isWatchList = query.get('sendInitialEvents') === 'true'
  if (isWatchList && (hasChanged || !existsSync(join(folder, bodyFile('watch-list', encoding))))) {
    return refuse(response, 422, 'Invalid')
  }
  const parameters = encoding === 'protobuf' ? ';stream=watch' : ''
  response.writeHead(200, { 'content-type': MEDIA_TYPES[encoding] + parameters })
  if (isWatchList) await send('watch-list', encoding, response)
  else response.write(bookmark(encoding, hasChanged ? RELIST_VERSION : LIST_VERSION, false))
  watches.set(response, encoding)
  firstWatch.resolve()
  response.on('close', () => watches.delete(response))
}

async function send(body: BodyName, encoding: Encoding, response: ServerResponse): Promise<void> {
  const file = bodyFile(body, encoding)
  for await (const chunk of inMemory.get(file) ?? chunks(file)) {
    if (response.destroyed) return
    if (!response.write(chunk)) await once(response, 'drain')
  }
}

async function* chunks(body: string): AsyncGenerator<Buffer> {
  await using file: FileHandle = await open(join(folder, body))
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(CHUNK_BYTES))
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
  }
}

/** A list of one object's metadata is only asked for its version. */
function probe(response: ServerResponse): void {
  const resourceVersion = String(hasChanged ? RELIST_VERSION : LIST_VERSION)
  response.setHeader('content-type', MEDIA_TYPES.json)
  const head = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion } }
  response.end(JSON.stringify({ ...head, items: [] }))
}

function refuse(response: ServerResponse, code: number, reason: string): void {
  response.writeHead(code, { 'content-type': MEDIA_TYPES.json })
  response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, code }))
}
