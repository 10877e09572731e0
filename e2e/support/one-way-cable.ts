import { connect, createServer, type Server, type Socket } from 'node:net'
import { closed, listenOnLoopback, portOf } from './loopback.ts'

/** `up`: what clients send does not arrive; `down`: what the server sends does not. */
export type Direction = 'up' | 'down'

/**
 * A network that loses the packets of one direction for a while. What is sent meanwhile waits, as it does in the
 * memory of the sender's kernel, which sends it again and again: it arrives when the network is back, also when the
 * sender has closed the connection in the meantime. Only where the sender has reset it, is it gone.
 */
export class OneWayCable implements AsyncDisposable {
  readonly #target: { readonly host: string; readonly port: number }
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #held: { readonly [D in Direction]: Set<Lane> } = { up: new Set(), down: new Set() }
  #lost: Direction | undefined

  static async start(target: { readonly host: string; readonly port: number }): Promise<OneWayCable> {
    const cable = new OneWayCable(target)
    await listenOnLoopback(cable.#server)
    return cable
  }

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#pass(client))
  }

  get port(): number {
    return portOf(this.#server)
  }

  lose(direction: Direction): void {
    this.#lost = direction
  }

  /** The network is back. Returns how many bytes arrive now that had waited, and how many never will. */
  restore(): { readonly late: number; readonly gone: number } {
    this.#lost = undefined
    const total = { late: 0, gone: 0 }
    for (const lanes of [this.#held.up, this.#held.down]) {
      for (const lane of lanes) {
        total.late += lane.flush()
        total.gone += lane.gone
      }
      lanes.clear()
    }
    return total
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await closed(this.#server)
  }

  #pass(client: Socket): void {
    const server = connect({ ...this.#target, allowHalfOpen: true })
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.once('close', () => this.#sockets.delete(socket))
    }
    this.#follow('up', client, server)
    this.#follow('down', server, client)
  }

  #follow(direction: Direction, from: Socket, to: Socket): void {
    const lane = new Lane(to)
    const hold = (): boolean => {
      if (this.#lost !== direction) return false
      this.#held[direction].add(lane)
      return true
    }
    from.on('data', (chunk: Buffer) => lane.put(chunk, hold()))
    from.once('end', () => lane.put(undefined, hold()))
    from.once('error', () => lane.reset(hold()))
  }
}

/** What one end of a connection sends to the other. */
class Lane {
  /** Bytes that the sender took back. */
  gone = 0
  readonly #to: Socket
  /** undefined: the end. */
  #waiting: (Buffer | undefined)[] = []
  #isReset = false

  constructor(to: Socket) {
    this.#to = to
  }

  put(chunk: Buffer | undefined, isHeld: boolean): void {
    if (isHeld) this.#waiting.push(chunk)
    else this.#send(chunk)
  }

  reset(isHeld: boolean): void {
    this.gone += bytesOf(this.#waiting)
    this.#waiting = []
    this.#isReset = true
    if (!isHeld) this.#to.resetAndDestroy()
  }

  /** Returns how many bytes there were. */
  flush(): number {
    const waiting = this.#waiting
    this.#waiting = []
    for (const chunk of waiting) this.#send(chunk)
    if (this.#isReset) this.#to.resetAndDestroy()
    return bytesOf(waiting)
  }

  #send(chunk: Buffer | undefined): void {
    if (this.#to.destroyed) return
    if (chunk === undefined) this.#to.end()
    else this.#to.write(chunk)
  }
}

function bytesOf(chunks: readonly (Buffer | undefined)[]): number {
  return chunks.reduce((sum, chunk) => sum + (chunk?.length ?? 0), 0)
}
