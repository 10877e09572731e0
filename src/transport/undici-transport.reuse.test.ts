import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { base64, certificateAuthority, kubeConfigFor, podList, serve, transportTo } from './loopback.test-support.ts'

/** Larger than all that is read ahead, and no two of its parts are alike. */
const BODY = randomBytes(16 * 1024 * 1024)

/** Sends the body in pieces that no read ends with. */
const handler: Parameters<typeof serve>[0] = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  for (let at = 0; at < BODY.length; at += 300_001) response.write(BODY.subarray(at, at + 300_001))
  response.end()
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Reads the body by a reader that is away for a turn of the loop now and then, so that chunks wait for it. */
async function readAtOnce(server: { readonly url: string }, cluster: object) {
  const hash = createHash('sha256')
  const memory = new Set<ArrayBufferLike>()
  const { body } = await transportTo(kubeConfigFor({ server: server.url, cluster })).get(podList({ readsAtOnce: true }))
  let chunks = 0
  for await (const chunk of body) {
    if (chunks++ % 7 === 0) await new Promise(setImmediate)
    hash.update(chunk)
    memory.add(chunk.buffer)
  }
  return { digest: hash.digest('hex'), buffers: memory.size, chunks }
}

describe('a body that is read at once', () => {
  test('comes as it was sent, in memory that is used again', async () => {
    const found = await readAtOnce(await serve(handler), {})
    expect(found.digest).toBe(digest(BODY))
    expect(found.buffers).toBeLessThan(10)
  })

  test('does so over TLS', async () => {
    const authority = await certificateAuthority()
    const server = await serve(handler, await authority.issue(['127.0.0.1']))
    const found = await readAtOnce(server, { caData: base64(authority.ca) })
    expect(found.digest).toBe(digest(BODY))
    expect(found.buffers).toBeLessThan(10)
  })

  test.each(['http', 'https'])('stops coming by %s while the reader is away', async (scheme) => {
    const authority = await certificateAuthority()
    let sent = 0
    const server = await serve(
      async (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        for (; sent < 16; sent++) if (!response.write(BODY)) await once(response, 'drain')
      },
      ...(scheme === 'https' ? [await authority.issue(['127.0.0.1'])] : []),
    )
    const cluster = { caData: base64(authority.ca) }
    const { body } = await transportTo(kubeConfigFor({ server: server.url, cluster })).get(
      podList({ readsAtOnce: true }),
    )
    for await (const _ of body) {
      for (let turns = 0; turns < 5_000; turns++) await new Promise(setImmediate)
      break
    }
    expect(sent).toBeLessThan(4)
  })

  test('leaves alone what others keep of the bodies that come at the same time', async () => {
    const server = await serve(handler)
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    const kept: Uint8Array[] = []
    const keeping = transport.get(podList())
    for await (const _ of (await transport.get(podList({ readsAtOnce: true }))).body);
    for await (const chunk of (await keeping).body) kept.push(chunk)
    for await (const _ of (await transport.get(podList({ readsAtOnce: true }))).body);
    expect(digest(Buffer.concat(kept))).toBe(digest(BODY))
  })
})
