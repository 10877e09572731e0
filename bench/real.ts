// How long the sync of 20,000 pods takes with a real kube-apiserver, against curl, which reads and drops the same list,
// and against client-go:
//
//     node bench/real.ts [--pods 20000] [--pairs 9] [--json-pairs 3] [--version 1.36.3] [--out file]
//
// It starts an etcd and a kube-apiserver of its own, as the end-to-end tests do, and fills them. Each sample is a fresh
// process; the rounds go through all of them, each time beginning with another. A ratio is taken within a round.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ControlPlane } from '../e2e/support/control-plane.ts'
import { cacheFolder } from './corpora/corpus-file.ts'
import type { Encoding } from './corpora/frames.ts'
import { Clients } from './real/clients.ts'
import { fillWithPods } from './real/fill.ts'
import { printReal, realRows } from './real/rows.ts'
import { runClients } from './real/run-clients.ts'
import { resultFile, writeResultFile } from './result-file.ts'
import { buildPeers } from './sync/peers.ts'
import type { Outcome } from './sync/run-scenario.ts'

const PODS = '20000'
const PAIRS = '9'

const { values: options } = parseArgs({
  options: {
    pods: { type: 'string', default: PODS },
    pairs: { type: 'string', default: PAIRS },
    /** The same as JSON, and client-node's informer beside. */
    'json-pairs': { type: 'string', default: '3' },
    version: { type: 'string', default: '1.36.3' },
    out: { type: 'string' },
  },
})

const isWhole = options.pods === PODS && options.pairs === PAIRS
const folder = mkdtempSync(join(tmpdir(), 'kubeflume-bench-'))
const samples: Record<string, Outcome[]> = {}
const loads: number[] = []
try {
  using peers = buildPeers({ wanted: ['client-go', 'client-node'] })
  await using controlPlane = await ControlPlane.start({ version: options.version })
  const config = controlPlane.kubeConfig()
  say(`writing ${options.pods} pods to kube-apiserver ${controlPlane.version}`)
  await fillWithPods(config, Number(options.pods))
  const clients = new Clients(folder, config, { peers, listed: 'pods' })
  await measure(clients, 'protobuf', Number(options.pairs))
  await measure(clients, 'json', Number(options['json-pairs']))
  loads.push(loadavg()[0]!)
  const rows = realRows(samples)
  printReal(samples, rows)
  const kubernetes = { kubernetes: controlPlane.version }
  const head = { name: 'real', versions: { ...peers.versions, ...kubernetes } }
  const file = options.out ?? (isWhole ? resultFile('real') : join(cacheFolder(), 'last-real.json'))
  console.log(writeResultFile(file, { ...head, pods: Number(options.pods), loads, rows, samples }))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(clients: Clients, encoding: Encoding, rounds: number): Promise<void> {
  const all = [
    clients.curl(encoding),
    clients.kubeflume(encoding),
    clients.clientGo(encoding),
    clients.clientGo(encoding, 'list-without-gzip'),
    ...(encoding === 'json'
      ? [clients.clientNode()]
      : [
          clients.kubeflume(encoding, 'list-any'),
          clients.kubeflume(encoding, 'watch-list'),
          clients.clientGo(encoding, 'watch-list'),
        ]),
  ].filter((client) => client !== undefined)
  await runClients(all[0]!, 1) // the first list of a server fills what the others find
  for (let round = 0; round < rounds; round++) {
    loads.push(loadavg()[0]!)
    say(`${encoding}, round ${round + 1} of ${rounds}`)
    for (let turn = 0; turn < all.length; turn++) {
      const client = all[(round + turn) % all.length]!
      const { outcomes } = await runClients(client, 1)
      ;(samples[client.name] ??= []).push(outcomes[0]!)
    }
  }
}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`)
}
