// A server that answers with bodies from files, as fast as a socket takes them:
//
//     node bench/replay/server.ts A list.protobuf relist.protobuf [--items=1000] [--gzip]
//
// Its arguments are the corpus, and those of its bodies that are read into memory before anything is served: reading
// them while they are sent would halve the rate. With `--items` only so many objects of each, with `--gzip` compressed
// for those who accept it. It prints its URL as a line of JSON, and ends with its standard input.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { corpusFolder } from '../corpora/corpus-file.ts'
import {
  bodyFile,
  type BodyName,
  CORPORA,
  type CorpusName,
  LIST_VERSION,
  RELIST_VERSION,
} from '../corpora/corpus-spec.ts'
import { bookmark, type Encoding, expired } from '../corpora/frames.ts'
import { chunksOf, readBody } from './read-body.ts'

const MEDIA_TYPES = { protobuf: 'application/vnd.kubernetes.protobuf', json: 'application/json' } as const

/** The watches that are open, and whether the list has changed since the beginning. */
const watches = new Map<ServerResponse, Encoding>()
let hasChanged = false
/** A command that comes before the first watch waits for it. */
const firstWatch = Promise.withResolvers<void>()
/** What clients asked for; commands to this server are not counted, their bytes are. */
let requests = 0
const sockets = new Set<Socket>()
const traffic = { read: 0, written: 0 }

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { items: { type: 'string' }, gzip: { type: 'boolean', default: false } },
})
const [name, ...preloaded] = positionals
const folder = corpusFolder(name as CorpusName)
const { resource, kind } = CORPORA[name as CorpusName]
const inMemory = new Map<string, readonly Buffer[]>()
for (const body of preloaded) {
  inMemory.set(body, await readBody({ corpus: name as CorpusName, body, items: options.items, gzip: options.gzip }))
}
const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()))
server.on('connection', (socket) => {
  sockets.add(socket)
  socket.once('close', () => {
    sockets.delete(socket)
    traffic.read += socket.bytesRead
    traffic.written += socket.bytesWritten
  })
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
process.stdin.resume().on('end', () => process.exit())

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url!, 'http://replay')
  if (pathname === '/bench/traffic') return tellTraffic(response)
  if (request.method === 'POST') return await command(pathname, response)
  requests++
  if (!pathname.endsWith(`/${resource}`)) return refuse(response, 404, 'NotFound')
  const encoding = request.headers.accept?.includes('protobuf') ? 'protobuf' : 'json'
  if (['1', 'true'].includes(query.get('watch') ?? '')) return await watch(encoding, query, response)
  response.setHeader('content-type', MEDIA_TYPES[encoding])
  if (request.headers.accept?.includes('PartialObjectMetadataList')) return probe(response)
  if (options.gzip) {
    if (!request.headers['accept-encoding']?.includes('gzip')) return refuse(response, 406, 'NotAcceptable')
    response.setHeader('content-encoding', 'gzip')
  }
  await send(hasChanged ? 'relist' : 'list', encoding, response)
  response.end()
}

/** Since the server began, but for what this very question takes. */
function tellTraffic(response: ServerResponse): void {
  let { read: requestBytes, written: responseBytes } = traffic
  for (const socket of sockets) {
    if (socket === response.socket) continue
    requestBytes += socket.bytesRead
    responseBytes += socket.bytesWritten
  }
  response.end(JSON.stringify({ requests, requestBytes, responseBytes }))
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
  else response.write(bookmark(encoding, hasChanged ? RELIST_VERSION : LIST_VERSION, false, kind))
  watches.set(response, encoding)
  firstWatch.resolve()
  response.on('close', () => watches.delete(response))
}

async function send(body: BodyName, encoding: Encoding, response: ServerResponse): Promise<void> {
  const file = bodyFile(body, encoding)
  for await (const chunk of inMemory.get(file) ?? chunksOf(join(folder, file))) {
    if (response.destroyed) return
    if (!response.write(chunk)) await once(response, 'drain')
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
