// What everyone's informer of pods costs who reads the same replayed bytes:
//
//     node bench/compare.ts [--full] [--rounds 3] [--group beyond] [--only 'client-go A'] [--out file]
//
// Without --full 20,000 pods, once each, and only what needs no building that takes minutes. A peer that cannot be built
// here is left out; one that fails is a result: its message stands beside the others' figures.
import { freemem, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Group, groups } from './compare/groups.ts'
import { cacheFolder, corpusFile } from './corpora/corpus-file.ts'
import { CORPORA } from './corpora/corpus-spec.ts'
import { resultFile, writeResultFile } from './result-file.ts'
import { buildPeers } from './sync/peers.ts'
import { printScenarios, printStalls } from './sync/print.ts'
import { runScenario } from './sync/run-scenario.ts'
import { Samples } from './sync/samples.ts'
import { bodiesOf, hasWords, nameOf, type PeerName } from './sync/scenario.ts'

const QUICK: readonly PeerName[] = ['client-node', 'client-go']
const FULL: readonly PeerName[] = [...QUICK, 'kubernetes-fluent-client', 'kube-rs']

const { values: options } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    /** Of every group; each has its own number otherwise. */
    rounds: { type: 'string' },
    group: { type: 'string' },
    /** Only scenarios whose name has all of these words. */
    only: { type: 'string', default: '' },
    out: { type: 'string' },
  },
})
const isPart = options.group !== undefined || options.only !== ''

using peers = buildPeers({ wanted: options.full ? FULL : QUICK })
const samples = new Samples()
const measured: object[] = []
for (const group of groups(options.full)) {
  if (options.group === undefined || options.group === group.name) measured.push(await measure(group))
}
printScenarios(samples)
printStalls(samples)
const file = options.out ?? (options.full && !isPart ? resultFile('compare') : join(cacheFolder(), 'last-compare.json'))
const result = { groups: measured, corpora: CORPORA, samples: samples.outcomes }
console.log(writeResultFile(file, { name: 'compare', versions: peers.versions, ...result }))

async function measure({ name, scenarios, rounds: own }: Group): Promise<object> {
  const chosen = scenarios.filter((scenario) => scenario.peer in peers.commands && hasWords(scenario, options.only))
  for (const scenario of chosen) {
    for (const body of bodiesOf(scenario)) corpusFile(scenario.corpus, body, scenario.encoding)
  }
  const rounds = Number(options.rounds ?? own)
  const loads: number[] = []
  for (let round = 1; round <= rounds; round++) {
    loads.push(loadavg()[0]!)
    for (const scenario of chosen) {
      process.stderr.write(`bench: ${name}, round ${round} of ${rounds}: ${nameOf(scenario)}\n`)
      samples.add(scenario, await runScenario(scenario, peers.commands[scenario.peer]!))
    }
  }
  loads.push(loadavg()[0]!)
  return { name, rounds, loads, freeMemoryBytes: freemem(), scenarios: chosen.map((scenario) => nameOf(scenario)) }
}
