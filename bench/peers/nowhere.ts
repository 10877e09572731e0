// Reads a LIST of pods and drops it, as `curl -o /dev/null` does: nobody can be faster than that. Prints a line of JSON.
import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import type { PeerSample } from './peer-sample.ts'
import { residentBytes } from './process-memory.ts'

const { values: args } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    resource: { type: 'string', default: 'pods' },
    encoding: { type: 'string', default: 'protobuf' },
  },
})
const { hostname, port, host } = new URL(args.url)
const accept = args.encoding === 'protobuf' ? 'application/vnd.kubernetes.protobuf' : 'application/json'

const startedAt = performance.now()
let bytesRead = 0
let firstAt = 0
const socket = connect({
  host: hostname,
  port: Number(port),
  onread: {
    buffer: Buffer.allocUnsafe(256 * 1024),
    callback: (length) => {
      if (bytesRead === 0) firstAt = performance.now()
      bytesRead += length
      return true
    },
  },
})
socket.write(`GET /api/v1/${args.resource} HTTP/1.1\r\nHost: ${host}\r\nAccept: ${accept}\r\nConnection: close\r\n\r\n`)
await new Promise((resolve, reject) => socket.once('close', resolve).once('error', reject))
const syncedMs = performance.now() - startedAt

const { user, system } = process.cpuUsage()
const figures = {
  firstObjectMs: firstAt - startedAt,
  syncedMs,
  bytesRead,
  megabytesPerSecond: bytesRead / 1000 / syncedMs,
  cpuMs: (user + system) / 1000,
  peakRssBytes: residentBytes('peak'),
}
process.stdout.write(`${JSON.stringify({ figures } satisfies PeerSample)}\n`)
