import type { buildConnector } from 'undici'

/** How often an HTTP/2 connection asks its peer for a sign of life. */
export const PING_INTERVAL_MS = 15_000
/** So many intervals without a byte, and nobody is there. */
const MAX_QUIET_INTERVALS = 3

/** As much of a socket as is looked at. */
interface Peer {
  readonly bytesRead: number
  destroy(error: Error): unknown
  once(event: 'close', listener: () => void): unknown
}

/**
 * A connector that ends HTTP/2 connections whose peer no longer answers PINGs: within a minute, where TCP alone
 * takes a quarter of an hour. undici sends the PINGs and does not mind a missing answer; and while they are on
 * their way TCP's own probes are not sent, which are for connections on which nothing is.
 *
 * Whatever comes counts, so that a healthy connection is never ended. HTTP/1.1 has no PING.
 */
export function withoutDeafPeers(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result
      if (socket && 'alpnProtocol' in socket && socket.alpnProtocol === 'h2') endWhenDeaf(socket)
      callback(...result)
    })
}

function endWhenDeaf(peer: Peer): void {
  let bytesRead = -1
  let quiet = 0
  const timer = setInterval(() => {
    quiet = peer.bytesRead === bytesRead ? quiet + 1 : 0
    bytesRead = peer.bytesRead
    if (quiet >= MAX_QUIET_INTERVALS) peer.destroy(new Error('the peer no longer answers'))
  }, PING_INTERVAL_MS)
  timer.unref()
  peer.once('close', () => clearInterval(timer))
}
