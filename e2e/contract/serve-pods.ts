import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { resources } from '../../src/index.ts'
import { pod, TestApiServer } from '../../src/testing/index.ts'

/**
 * A program: a TestApiServer with as many pods as its first argument says, `realistic` ones if the second
 * says so, in a process that does nothing else, so that what it takes can be measured. Each line of its
 * input is a command, each line of its output the answer as JSON.
 */
const SAMPLE_MS = 20
const { pods } = resources.core.v1

const startedAt = performance.now()
const server = await TestApiServer.start()
const first = await fetch(`${server.url}/api/v1/pods`)
await first.text()
const firstAnswerMs = performance.now() - startedAt

const [wanted, size] = process.argv.slice(2)
const isRealistic = size === 'realistic'
for (let index = 0; index < Number(wanted); index++) {
  const name = `web-${String(index).padStart(6, '0')}`
  server.create(
    pods,
    pod({
      name,
      namespace: `team-${index % 40}`,
      nodeName: `node-${index % 200}`,
      labels: { app: 'web' },
      isRealistic,
      seed: index,
    }),
  )
}
/**
 * What is used of the heap without the newest garbage, and what lies outside. Not the resident memory: after
 * the seeding much of that is free, and would hide what is taken later.
 */
const taken = (): number => {
  globalThis.gc?.({ type: 'minor' })
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

let peak = 0
let writes = 0
const sampling = setInterval(() => (peak = Math.max(peak, taken())), SAMPLE_MS)
let writing: NodeJS.Timeout | undefined

const commands: Readonly<Record<string, () => object | Promise<object>>> = {
  settle: async () => {
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.()
      await sleep(50)
    }
    peak = taken()
    return { bytes: peak }
  },
  peak: () => ({ bytes: peak }),
  write: () => {
    const [one] = server.list(pods).slice(0, 1)
    const { namespace, name } = one!.metadata
    const write = (): void => {
      server.edit(pods, { namespace, name }, (draft) => void (draft.metadata.annotations = { write: String(++writes) }))
    }
    writing = setInterval(write, 1)
    return {}
  },
  rest: () => {
    clearInterval(writing)
    return { writes }
  },
  source: () => ({ servedFrom: server.requests.findLast(({ verb }) => verb === 'list')?.servedFrom }),
}

const say = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`)
say({ url: server.url, firstAnswerMs, seededMs: performance.now() - startedAt })
for await (const command of createInterface({ input: process.stdin })) say(await commands[command]!())
clearInterval(sampling)
clearInterval(writing)
await server.stop()
