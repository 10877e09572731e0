// What the store and the reflector cost, as ratios to client-go reading the same replayed bytes:
//
//     node bench/sync.ts [--full] [--rounds 5] [--only 'kubeflume A'] [--module dist/index.js] [--out file]
//
// Without --full only what is asked of 20,000 pods, in a few minutes. Each sample is a process of its own with a
// server of its own; the rounds go through all of them in turn, so that a busy machine disturbs all alike. A ratio
// is taken within each round; its median is what counts. Without Go there is nothing to compare with: then our own
// figures alone are printed.
import { freemem, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cacheFolder, corpusFile } from './corpora/corpus-file.ts'
import { CORPORA } from './corpora/corpus-spec.ts'
import { resultFile, writeResultFile } from './result-file.ts'
import { buildPeers, type Peers } from './sync/peers.ts'
import { printRows, printScenarios, printStalls } from './sync/print.ts'
import { rows } from './sync/rows.ts'
import { runScenario } from './sync/run-scenario.ts'
import { Samples } from './sync/samples.ts'
import { bodiesOf, hasWords, nameOf, type Scenario } from './sync/scenario.ts'
import { scenarios } from './sync/scenarios.ts'

/** The largest corpus is 3.4 GB in the server's memory, and then there are the peers. */
const LARGEST_NEEDS_BYTES = 8e9

const { values: options } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    /** Only scenarios whose name has all of these words. */
    only: { type: 'string', default: '' },
    out: { type: 'string' },
    /** Another build of kubeflume than of these sources, such as dist/index.js of another checkout. */
    module: { type: 'string' },
  },
})

using peers = buildPeers({ module: options.module })
const chosen = scenarios(options.full).filter((scenario) => canRun(scenario, peers))
for (const scenario of chosen) {
  for (const body of bodiesOf(scenario)) corpusFile(scenario.corpus, body, scenario.encoding)
}
const rounds = Number(options.rounds ?? (options.full ? 5 : 3))
const { samples, loads } = await measure(rounds)
const table = rows(samples, options.full)
printScenarios(samples)
printStalls(samples)
printRows(table)
console.log(`load ${loads.map((load) => load.toFixed(1)).join(', ')} before each round and at the end`)
console.log(write({ rounds, loads, corpora: CORPORA, rows: table, samples: samples.outcomes }))

function canRun(scenario: Scenario, { commands }: Peers): boolean {
  if (commands[scenario.peer] === undefined || !hasWords(scenario, options.only)) return false
  if (scenario.corpus === 'C' && freemem() < LARGEST_NEEDS_BYTES) {
    process.stderr.write(`bench: too little memory for ${nameOf(scenario)}\n`)
    return false
  }
  return true
}

async function measure(count: number): Promise<{ readonly samples: Samples; readonly loads: readonly number[] }> {
  const found = new Samples()
  const loadBefore: number[] = []
  for (let round = 1; round <= count; round++) {
    loadBefore.push(loadavg()[0]!)
    for (const scenario of chosen) {
      process.stderr.write(`bench: round ${round} of ${count}, ${nameOf(scenario)}\n`)
      found.add(scenario, await runScenario(scenario, peers.commands[scenario.peer]!))
    }
  }
  return { samples: found, loads: [...loadBefore, loadavg()[0]!] }
}

/** Only a full run is a result that is kept beside the code. */
function write(result: object): string {
  const isResult = options.full && options.only === ''
  const file = options.out ?? (isResult ? resultFile('store') : join(cacheFolder(), 'last.json'))
  return writeResultFile(file, { name: 'store', versions: peers.versions, ...result })
}
