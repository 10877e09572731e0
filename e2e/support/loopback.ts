import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'

/** Lets a server listen on a free port of 127.0.0.1. */
export async function listenOnLoopback(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** Resolves when its last connection has ended, to which the caller sees. */
export async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}
