import type { Socket } from 'node:net'
import { buildConnector } from 'undici'

type Options = NonNullable<Parameters<typeof buildConnector>[0]>

/**
 * A connector whose connections are reset where they end by an error, an aborted request among them. To close one
 * leaves what was not sent yet to the kernel, which goes on trying: a write that was given up minutes ago, while the
 * network was gone, would still be done when that is back. A reset throws it away.
 */
export function resetConnector(options: Options): buildConnector.connector {
  const connectTcp = buildConnector({ ...options, allowH2: false })
  const connectTls = buildConnector(options)
  return (target, callback) => {
    // TLS by a socket of our own: one that makes its own has no reset.
    connectTcp({ ...target, protocol: 'http:' }, (...[error, tcp]) => {
      if (error !== null) callback(error, null)
      else if (target.protocol === 'https:') connectTls({ ...target, httpSocket: tcp }, resetting(tcp, callback))
      else resetting(tcp, callback)(null, tcp)
    })
  }
}

function resetting(tcp: Socket, callback: buildConnector.Callback): buildConnector.Callback {
  return (...result) => {
    const [, socket] = result
    if (socket) resetOnError(socket, tcp)
    callback(...result)
  }
}

/** TLS ends its own part first, and then destroys the socket below it: that is where the reset has its place. */
function resetOnError(socket: Socket, tcp: Socket): void {
  const destroy = tcp.destroy.bind(tcp)
  let hasFailed = false
  tcp.destroy = (error) => {
    tcp.destroy = destroy
    return hasFailed || error ? tcp.resetAndDestroy() : destroy()
  }
  if (socket === tcp) return
  const destroyTls = socket.destroy.bind(socket)
  socket.destroy = (error) => {
    hasFailed ||= error !== undefined && error !== null
    return destroyTls(error)
  }
}
