// Where our side's time goes, and what keeps the event loop:
//
//     node bench/profile.ts 'A protobuf wire memory' [--module dist/index.js]
//
// Runs each of our scenarios whose name has all of these words once, with V8's profiler. The names are those that
// bench/sync.ts prints.
import { parseArgs } from 'node:util'
import { corpusFile } from './corpora/corpus-file.ts'
import type { Window } from './peers/phase-profile.ts'
import { buildPeers } from './sync/peers.ts'
import { runScenario } from './sync/run-scenario.ts'
import { bodiesOf, hasWords, nameOf, type Scenario } from './sync/scenario.ts'
import { scenarios } from './sync/scenarios.ts'

const SPOTS_SHOWN = { phase: 15, stall: 7 } as const

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { module: { type: 'string' } },
})

using peers = buildPeers({ module: options.module })
for (const scenario of scenarios(true)) {
  if (scenario.peer === 'kubeflume' && hasWords(scenario, positionals.join(' '))) await profile(scenario)
}

async function profile(scenario: Scenario): Promise<void> {
  for (const body of bodiesOf(scenario)) corpusFile(scenario.corpus, body, scenario.encoding)
  console.log(`${nameOf(scenario)}\n`)
  const outcome = await runScenario(scenario, [...peers.commands.kubeflume!, '--profile'])
  if ('error' in outcome) return console.log(`failed: ${outcome.error}`)
  for (const [phase, found] of Object.entries(outcome.profiles ?? {})) {
    print(`${phase}: ${found.ms.toFixed(0)} ms`, found, SPOTS_SHOWN.phase)
    for (const stall of found.stalls) {
      print(
        `  a stall of ${stall.ms.toFixed(1)} ms, ${stall.startMs.toFixed(0)} ms after its start`,
        stall,
        SPOTS_SHOWN.stall,
      )
    }
  }
}

function print(title: string, { self, inclusive }: Window, count: number): void {
  console.log(title)
  for (let i = 0; i < count; i++) {
    const [own, whole] = [self[i], inclusive[i]].map((spot) =>
      spot ? `${spot.ms.toFixed(1).padStart(8)} ${spot.where}` : '',
    )
    console.log(`${own!.padEnd(70)} ${whole}`)
  }
}
