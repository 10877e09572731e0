import { once } from 'node:events'
import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BodyWriter, type BodyOptions } from './body-writer.ts'

const headers = { 'content-type': 'text/plain' }

/** Answers one request with what `write` does, and returns the answer as it arrives. */
async function answer(
  write: (body: BodyWriter, response: ServerResponse) => Promise<void> | void,
  options: Partial<BodyOptions> = {},
): Promise<IncomingMessage> {
  const server = createServer((_, response) => void write(new BodyWriter(response, { headers, ...options }), response))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const request = send({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  request.on('error', () => {}) // a reset is an error of the answer too, where tests look for it
  request.end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch {
    // cut: what has arrived counts
  }
  return Buffer.concat(chunks)
}

const KB = Buffer.alloc(1024, 'x')

async function writeKilobytes(body: BodyWriter, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    body.write(KB)
    await body.ready()
  }
}

describe('a body', () => {
  test('arrives whole, small writes and large ones', async () => {
    const response = await answer(async (body) => {
      body.write(Buffer.from('-start'), 1)
      body.write(Buffer.alloc(200_000, 'y'))
      await writeKilobytes(body, 300)
      await body.end()
    })
    expect(await read(response)).toEqual(
      Buffer.concat([Buffer.from('start'), Buffer.alloc(200_000, 'y'), Buffer.alloc(300 * 1024, 'x')]),
    )
  })

  test('leaves the event loop a turn for each chunk, however much the socket takes', async () => {
    let turns = 0
    const response = await answer(async (body) => {
      const count = (): void => {
        turns++
        turning = setImmediate(count)
      }
      let turning = setImmediate(count)
      await writeKilobytes(body, 11 * 64)
      clearImmediate(turning)
      await body.end()
    })
    expect(await read(response)).toHaveLength(11 * 64 * 1024)
    expect(turns).toBeGreaterThanOrEqual(10)
  })

  test('waits for a client that does not read', async () => {
    let written = 0
    const response = await answer(async (body) => {
      for (; written < 50_000 && !body.isDone; written++) await writeKilobytes(body, 1)
    })
    await expect.poll(() => written).toBeGreaterThan(64)
    const before = written
    await new Promise((resolve) => setImmediate(resolve))
    expect(written - before).toBeLessThan(5_000)
    expect(written).toBeLessThan(50_000)
    response.destroy()
  })

  test.each([0, 1, 65_536, 100_001])('ends after exactly %d bytes where it is limited', async (limit) => {
    const response = await answer(
      async (body) => {
        await writeKilobytes(body, 200)
        await body.cut()
      },
      { limit },
    )
    expect((await read(response)).length).toBe(limit)
    expect(response.complete).toBe(false)
  })

  test('is cut by a reset, after what has been written', async () => {
    const response = await answer(async (body) => {
      body.write(Buffer.from('half'))
      await body.cut({ reset: true })
    })
    const failed = once(response, 'error')
    expect((await read(response)).toString()).toBe('half')
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }])
  })

  test('is made into another one as a whole', async () => {
    const transform = (whole: Buffer): Buffer => Buffer.from(whole.toString().toUpperCase())
    const response = await answer(
      async (body) => {
        body.write(Buffer.from('ab'))
        body.write(Buffer.from('c'))
        await body.end()
      },
      { transform },
    )
    expect([response.headers['content-length'], (await read(response)).toString()]).toEqual(['3', 'ABC'])
  })
})

describe('a body that may be compressed', () => {
  test('is sent as it is up to 128 KiB, with its length', async () => {
    const response = await answer(
      async (body) => {
        await writeKilobytes(body, 128)
        await body.end()
      },
      { gzip: 'large' },
    )
    expect(response.headers).toMatchObject({ 'content-length': String(128 * 1024) })
    expect(response.headers).not.toHaveProperty('content-encoding')
    expect((await read(response)).length).toBe(128 * 1024)
  })

  test('is one gzip stream beyond that', async () => {
    const response = await answer(
      async (body) => {
        await writeKilobytes(body, 1000)
        await body.end()
      },
      { gzip: 'large' },
    )
    expect(response.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    const bytes = await read(response)
    expect(bytes.length).toBeLessThan(100_000)
    expect(gunzipSync(bytes).length).toBe(1000 * 1024)
  })

  test('is cut at a byte of what it says, not of what is sent', async () => {
    const response = await answer(
      async (body) => {
        await writeKilobytes(body, 1000)
        await body.cut()
      },
      { gzip: 'large', limit: 300_000 },
    )
    const bytes = await read(response)
    expect(gunzipSync(bytes, { finishFlush: 2 }).length).toBe(300_000)
  })

  test('stalls with all that has been written on its way', async () => {
    const response = await answer(
      (body) => {
        body.write(Buffer.from('begun'))
        body.flush()
      },
      { gzip: 'large' },
    )
    expect(String((await once(response, 'data'))[0])).toBe('begun')
  })

  test('has a member for each flush of a stream', async () => {
    const response = await answer(
      async (body) => {
        for (const text of ['one', 'two']) {
          body.write(Buffer.from(text))
          body.flush()
        }
        await body.end()
      },
      { gzip: 'members' },
    )
    expect(response.headers).toMatchObject({ 'content-encoding': 'gzip' })
    const bytes = await read(response)
    const second = bytes.indexOf(Buffer.of(0x1f, 0x8b, 8), 3)
    expect(gunzipSync(bytes.subarray(0, second)).toString()).toBe('one')
    expect(gunzipSync(bytes.subarray(second)).toString()).toBe('two')
  })
})
