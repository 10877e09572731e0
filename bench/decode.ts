// How fast the decoders are, as ratios to what the same work costs without them:
//
//     node bench/decode.ts [--rounds 5] [--count 20000]
//
// Each thing is measured in a process of its own; the rounds go through all of them in turn, so that a
// busy machine disturbs all alike. A ratio is taken within each round; its median is what counts.
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Corpus, writeCorpus } from './corpus.ts'
import { TASKS } from './decode-tasks.ts'
import { machine, median, runChild, type Sample, writeResult } from './measure.ts'

interface Row {
  readonly what: string
  readonly task: string
  readonly against: string
  readonly target?: number
}

const ROWS: readonly Row[] = [
  { what: 'frame, key, keep JSON / JSON.parse of the whole', task: 'json-frames', against: 'json-parse', target: 0.4 },
  { what: '… without WebAssembly', task: 'json-frames-bytes', against: 'json-parse' },
  { what: '… with omit managedFields / without omit', task: 'json-frames-omit', against: 'json-frames', target: 1 },
  { what: 'frame JSON / stream-json streamArray', task: 'json-frames-tenth', against: 'stream-json', target: 0.1 },
  {
    what: 'frame, key, keep protobuf / read and drop it',
    task: 'protobuf-frames',
    against: 'protobuf-drop',
    target: 2,
  },
  {
    what: 'decode() protobuf items / JSON.parse of each',
    task: 'protobuf-decode',
    against: 'json-items-parse',
    target: 0.4,
  },
  {
    what: '… the second time in a process',
    task: 'protobuf-decode-warm',
    against: 'json-items-parse-warm',
    target: 0.4,
  },
  {
    what: '… the second time, managedFields cut as informers do',
    task: 'protobuf-decode-informer-warm',
    against: 'json-items-parse-warm',
  },
  {
    what: 'decode() protobuf items / protobufjs reflection',
    task: 'protobuf-decode',
    against: 'protobufjs',
    target: 0.6,
  },
  {
    what: '… the second time in a process',
    task: 'protobuf-decode-warm',
    against: 'protobufjs-warm',
    target: 0.6,
  },
]
const MEMORY = ['json-memory', 'protobuf-memory'] as const
const SEED = 1

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    count: { type: 'string', default: '20000' },
    task: { type: 'string' },
    url: { type: 'string', default: '' },
  },
})

if (options.task === undefined) await compare(Number(options.rounds), Number(options.count))
else await runTask(options.task)

async function runTask(name: string): Promise<void> {
  const corpus = writeCorpus(Number(options.count), SEED)
  console.log(JSON.stringify(await TASKS[name]!({ corpus, url: options.url })))
}

async function compare(rounds: number, count: number): Promise<void> {
  const server = await serve(writeCorpus(count, SEED))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const names = [...new Set([...ROWS.flatMap(({ task, against }) => [task, against]), ...MEMORY])]
  const samples: Record<string, Sample[]> = {}
  const loadBefore = loadavg()
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}, load ${loadavg()[0]!.toFixed(1)}\n`)
    for (const name of names) {
      const args = [fileURLToPath(import.meta.url), '--task', name, '--count', String(count), '--url', url]
      ;(samples[name] ??= []).push(await runChild(args))
    }
  }
  server.close()
  const rows = ROWS.map((row) => Object.assign(ratios(samples[row.task]!, samples[row.against]!), row))
  print(rows, samples)
  const loads = { loadBefore, loadAfter: loadavg() }
  console.log(`load ${loads.loadBefore[0]!.toFixed(1)} before, ${loads.loadAfter[0]!.toFixed(1)} after`)
  console.log(writeResult('decode', { ...machine(), ...loads, seed: SEED, count, rounds, rows, samples }))
}

/** The ratios on the clock, round by round; and of CPU time, which a busy machine disturbs less. */
function ratios(
  task: readonly Sample[],
  against: readonly Sample[],
): { ratio: number; spread: [number, number]; cpuRatio: number } {
  const found = task.map(({ ms }, round) => ms! / against[round]!.ms!)
  const cpu = task.map(({ cpuMs }, round) => cpuMs! / against[round]!.cpuMs!)
  return { ratio: median(found), spread: [Math.min(...found), Math.max(...found)], cpuRatio: median(cpu) }
}

function print(rows: readonly (Row & ReturnType<typeof ratios>)[], samples: Record<string, readonly Sample[]>): void {
  console.table(
    rows.map(({ what, ratio, spread, cpuRatio, target, task, against }) => ({
      what,
      ratio: ratio.toFixed(2),
      spread: spread.map((value) => value.toFixed(2)).join('–'),
      'at most': target ?? '',
      'CPU time': cpuRatio.toFixed(2),
      ms: `${medianMs(samples[task]!)} / ${medianMs(samples[against]!)}`,
    })),
  )
  for (const name of MEMORY)
    console.log(
      `${name}: ${Math.round(Math.max(...samples[name]!.map(({ bytes }) => bytes!)) / 1024)} KiB held besides the items`,
    )
}

function medianMs(samples: readonly Sample[]): string {
  return median(samples.map(({ ms }) => ms!)).toFixed(0)
}

/** The protobuf body over loopback. */
async function serve(corpus: Corpus): Promise<ReturnType<typeof createServer>> {
  const server = createServer((_request, response) => createReadStream(corpus.protobuf).pipe(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
