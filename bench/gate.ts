// Fails when a sync costs more processor time or memory than it did: more than 115 % of the recorded ratios.
//
//     node bench/gate.ts [--record] [--rounds 5]
//
// The ratios are to a yardstick that every machine with Node has (bench/peers/yardstick.ts), in the same run. What else a
// machine does only ever adds to a figure, so that of all rounds the smallest is taken; and before it fails, it measures
// as many rounds again. Takes about a minute, and once half a minute more to write the bodies.
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { corpusFile } from './corpora/corpus-file.ts'
import { type GateRow, gateRows, printGate } from './gate/gate-rows.ts'
import { resultFile, writeResultFile } from './result-file.ts'
import { buildPeers, type Peers } from './sync/peers.ts'
import { runScenario } from './sync/run-scenario.ts'
import { Samples } from './sync/samples.ts'
import { bodiesOf, type Scenario } from './sync/scenario.ts'
import { OURS, YARDSTICK } from './gate/gate-scenarios.ts'

/** Of what was recorded. */
const AT_MOST = 1.15

const { values: options } = parseArgs({
  options: { record: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
})
const rounds = Number(options.rounds)

using peers = buildPeers({ wanted: [] })
const samples = new Samples()
const loads: number[] = []
if (options.record) await record(peers)
else if (!(await check(peers))) process.exitCode = 1

async function record(programs: Peers): Promise<void> {
  await measure(programs, 2 * rounds)
  const rows = gateRows(samples)
  printGate(rows)
  const result = { name: 'gate', versions: programs.versions, loads, rows, samples: samples.outcomes }
  console.log(writeResultFile(resultFile('gate'), result))
}

async function check(programs: Peers): Promise<boolean> {
  const { rows: recorded } = JSON.parse(readFileSync(resultFile('gate'), 'utf8')) as { readonly rows: GateRow[] }
  const limits = new Map(recorded.map(({ what, ratio }) => [what, ratio * AT_MOST]))
  const isWithin = (): boolean => gateRows(samples).every(({ what, ratio }) => ratio <= limits.get(what)!)
  await measure(programs, rounds)
  if (!isWithin()) await measure(programs, rounds)
  printGate(gateRows(samples), limits)
  return isWithin()
}

async function measure({ commands }: Peers, count: number): Promise<void> {
  for (let round = 1; round <= count; round++) {
    loads.push(loadavg()[0]!)
    await run(YARDSTICK, commands.yardstick!)
    for (const scenario of OURS) await run(scenario, commands.kubeflume!)
  }
}

async function run(scenario: Scenario, command: readonly string[]): Promise<void> {
  for (const body of bodiesOf(scenario)) corpusFile(scenario.corpus, body, scenario.encoding)
  const outcome = await runScenario(scenario, command)
  if ('error' in outcome) throw new Error(`${scenario.peer} failed: ${outcome.error}`)
  samples.add(scenario, outcome)
}
