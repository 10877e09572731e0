// What the gate compares with, because every machine with Node has it: reads a watch-list of pods, keeps the bytes as
// they came, and parses every line once. Prints a line of JSON.
import { once } from 'node:events'
import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import type { PeerSample } from './peer-sample.ts'
import { residentBytes } from './process-memory.ts'

const PATH = '/api/v1/pods?watch=true&sendInitialEvents=true'
const NEW_LINE = 10

const { values: args } = parseArgs({
  options: { url: { type: 'string', default: '' }, encoding: { type: 'string' }, resource: { type: 'string' } },
})
const { hostname, port, host } = new URL(args.url)
const socket = connect({ host: hostname, port: Number(port) })
socket.write(`GET ${PATH} HTTP/1.0\r\nHost: ${host}\r\nAccept: application/json\r\n\r\n`)

const kept: Buffer[] = []
let rest: Buffer = Buffer.alloc(0)
let objects = 0
let isEnd = false
socket.on('data', (chunk: Buffer) => {
  kept.push(chunk)
  let from = 0
  for (let end = chunk.indexOf(NEW_LINE); end >= 0; end = chunk.indexOf(NEW_LINE, from)) {
    read(rest.length === 0 ? chunk.subarray(from, end) : Buffer.concat([rest, chunk.subarray(from, end)]))
    rest = Buffer.alloc(0)
    from = end + 1
  }
  rest = Buffer.concat([rest, chunk.subarray(from)])
  if (isEnd) socket.destroy()
})
await once(socket, 'close')

const { user, system } = process.cpuUsage()
const keptBytes = kept.reduce((sum, { length }) => sum + length, 0)
const figures = { objects, keptBytes, cpuMs: (user + system) / 1000, peakRssBytes: residentBytes('peak') }
process.stdout.write(`${JSON.stringify({ figures } satisfies PeerSample)}\n`)

/** Lines of the answer's head are no objects. */
function read(line: Buffer): void {
  if (line[0] !== 0x7b) return
  const { type } = JSON.parse(line.toString()) as { readonly type: string }
  if (type === 'BOOKMARK') isEnd = true
  else objects++
}
