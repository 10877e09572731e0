import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { count, say } from '../support/say.ts'
import { PROTOBUF } from './media-types.ts'

/** The memory depends neither on their number nor on their size; many large ones at once would take minutes. */
const SERVERS = [
  { pods: 100_000, size: 'plain' },
  { pods: 20_000, size: 'realistic' },
]
const MIB = 1024 ** 2
/** Above what the process takes when it has the objects and does nothing. */
const LIMIT_BYTES = 64 * MIB
const AT_ONCE = [
  { accept: 'application/json', lists: 10 },
  { accept: PROTOBUF, lists: 10 },
]
/** Ten lists of a machine with two cores, beside whatever else it does. */
const TIMEOUT_MS = 240_000
const PROGRAM = fileURLToPath(new URL('serve-pods.ts', import.meta.url))

interface Answer {
  readonly url: string
  readonly firstAnswerMs: number
  readonly seededMs: number
  readonly bytes: number
  readonly writes: number
  readonly servedFrom: string
}

describe.each(SERVERS)('TestApiServer with $pods $size pods', { timeout: TIMEOUT_MS }, ({ pods, size }) => {
  let child: ChildProcessWithoutNullStreams
  let answers: AsyncIterator<string>
  let url: string
  let firstAnswerMs: number

  beforeAll(async () => {
    child = spawn(process.execPath, ['--expose-gc', PROGRAM, String(pods), size])
    child.stderr.pipe(process.stderr)
    answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const started = await next()
    ;({ url, firstAnswerMs } = started)
    say(
      `testing server: first answer after ${count(firstAnswerMs)} ms, ${count(pods)} ${size} pods after ${count(started.seededMs)} ms`,
    )
  })

  afterAll(async () => {
    child?.stdin.end()
    if (child?.exitCode === null) await once(child, 'exit')
  })

  const next = async (): Promise<Answer> => JSON.parse((await answers.next()).value as string) as Answer

  const ask = (command: string): Promise<Answer> => {
    child.stdin.write(`${command}\n`)
    return next()
  }

  /** By how much the process grows at most while the lists are read. */
  const growth = async (accept: string, lists: number): Promise<number> => {
    const { bytes: before } = await ask('settle')
    const startedAt = performance.now()
    const lengths = await Promise.all(Array.from({ length: lists }, () => drain(`${url}/api/v1/pods`, accept)))
    const ms = performance.now() - startedAt
    const { bytes } = await ask('peak')
    const grown = bytes - before
    say(
      `${lists} LIST of ${count(pods)} ${size} pods as ${accept}: ${count(lengths[0]! / MIB)} MiB each in ${count(ms)} ms, ` +
        `${count(grown / MIB)} MiB above the ${count(before / MIB)} MiB of the objects`,
    )
    return grown
  }

  test('answers soon after its start', () => {
    // 150 ms are promised of a machine at rest.
    expect(firstAnswerMs).toBeLessThan(1_500)
  })

  test.each(['application/json', PROTOBUF])('streams a LIST as %s in little memory', async (accept) => {
    expect(await growth(accept, 1)).toBeLessThan(LIMIT_BYTES)
  })

  test.each(AT_ONCE)('streams $lists LISTs at once as $accept in no more', async ({ accept, lists }) => {
    expect(await growth(accept, lists)).toBeLessThan(LIMIT_BYTES)
  })

  test('answers a LIST at an old version from a snapshot while writes go on', async () => {
    const { metadata } = (await (await fetch(`${url}/api/v1/pods?limit=1`)).json()) as {
      metadata: { resourceVersion: string }
    }
    const { resourceVersion } = metadata
    await ask('write')
    const response = await fetch(`${url}/api/v1/pods?resourceVersionMatch=Exact&resourceVersion=${resourceVersion}`)
    const list = (await response.json()) as { metadata: object; items: { metadata: { annotations?: object } }[] }
    const { writes } = await ask('rest')
    expect(list.metadata).toEqual({ resourceVersion })
    expect(list.items).toHaveLength(pods)
    expect(list.items.filter(({ metadata: { annotations } }) => annotations && 'write' in annotations)).toEqual([])
    expect(writes).toBeGreaterThan(10)
    expect((await ask('source')).servedFrom).toBe('snapshot')
    say(
      `LIST at version ${resourceVersion} of ${count(pods)} ${size} pods from a snapshot, during ${count(writes)} writes`,
    )
  })
})

async function drain(url: string, accept: string): Promise<number> {
  const response = await fetch(url, { headers: { accept, 'accept-encoding': 'identity' } })
  let length = 0
  for await (const chunk of response.body!) length += chunk.length
  return length
}
