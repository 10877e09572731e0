import type { Socket } from 'node:net'
import { buildConnector } from 'undici'
import { ReceiveBuffers } from './receive-buffers.ts'

/**
 * A connector like undici's own, whose connections read into memory that is used again once its reader has given it
 * back (`giveBack`). What nobody gives back is collected, as it always was.
 */
export function receivingConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  /** Of the last TLS connection: the next one needs no handshake of its own. */
  let session: Buffer | undefined
  return (target, callback) => {
    const buffers = new ReceiveBuffers()
    let socket: Socket | undefined
    const onread = {
      buffer: () => buffers.next(),
      callback(length: number, buffer: Buffer) {
        buffers.wasFilled(length, buffer)
        return socket!.push(buffer.subarray(0, length)) // nothing comes before it is connected
      },
    }
    const connect = buildConnector({ ...options, ...(session && { session }), onread })
    connect(target, (...result) => {
      const [, connected] = result
      socket = connected ?? undefined
      buffers.connection = socket
      connected?.on('session', (latest: Buffer) => (session = latest))
      callback(...result)
    })
  }
}
