import type { Readable } from 'node:stream'
import { Agent } from 'undici'
import type { ContractServer } from './contract-server.ts'
import { isProtobuf } from './media-types.ts'

const PATIENCE_MS = 20_000

/** Reads bodies as they come, from one server. */
export class BytesReader implements AsyncDisposable {
  readonly #server: Pick<ContractServer, 'origin' | 'token' | 'ca'>
  readonly #agent: Agent

  constructor(server: Pick<ContractServer, 'origin' | 'token' | 'ca'>) {
    this.#server = server
    this.#agent = new Agent({ allowH2: false, connect: server.ca === undefined ? {} : { ca: server.ca } })
  }

  /** @throws Error for any answer but 200. */
  async read(path: string, accept: string): Promise<Buffer> {
    const { body } = await this.#open(path, accept)
    return Buffer.concat((await Array.fromAsync(body)) as Buffer[])
  }

  /** The first `howMany` events of a watch, exactly: what came with them is cut off. */
  async readEvents(path: string, accept: string, howMany: number): Promise<Buffer> {
    const { body, contentType } = await this.#open(path, accept)
    let bytes = Buffer.alloc(0)
    for await (const chunk of body) {
      bytes = Buffer.concat([bytes, chunk as Buffer])
      const end = endOfEvents(bytes, howMany, isProtobuf(contentType))
      if (end !== undefined) return bytes.subarray(0, end)
    }
    throw new Error(`${path} ended before ${howMany} events had come`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }

  async #open(path: string, accept: string): Promise<{ body: Readable; contentType: string }> {
    const { origin, token } = this.#server
    const headers = { authorization: `Bearer ${token}`, accept }
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const response = await this.#agent.request({ origin, path, method: 'GET', headers, signal })
    const contentType = String(response.headers['content-type'] ?? '')
    if (response.statusCode === 200) return { body: response.body, contentType }
    throw new Error(`GET ${path} as ${accept} was answered ${response.statusCode}: ${await response.body.text()}`)
  }
}

/** Where the last of the events ends; undefined if it is not there yet. */
function endOfEvents(bytes: Buffer, howMany: number, inFrames: boolean): number | undefined {
  let end = 0
  for (let seen = 0; seen < howMany; seen++) {
    if (inFrames && bytes.length < end + 4) return undefined
    end = inFrames ? end + 4 + bytes.readUInt32BE(end) : bytes.indexOf(0x0a, end) + 1
    if (end === 0 || end > bytes.length) return undefined
  }
  return end
}
