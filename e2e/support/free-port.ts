import { once } from 'node:events'
import { createServer } from 'node:net'

const LOWEST = 20_000
const HIGHEST = 29_999

/**
 * Returns a port of 127.0.0.1 that nothing listens on, and that is not `except`.
 *
 * Not the one that listening on port 0 gives: that lies in the range from which the kernel takes the
 * ports of outgoing connections, so it may be taken again while a server restarts.
 */
export async function freePort(except?: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1))
    if (port !== except && (await isFree(port))) return port
  }
  throw new Error(`found no free port between ${LOWEST} and ${HIGHEST}`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true })
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
