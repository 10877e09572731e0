// What 16 informers at once cost a real kube-apiserver that has 100 Secrets of 1 MB, against 16 curls:
//
//     node bench/server-cost.ts [--rounds 2] [--only 'kubeflume'] [--out file]
//
// Of 1.33 with its streaming encoders off and on, and of 1.36 by LIST and by watch-list. The informers are 16 processes,
// as 16 operators or agents in a cluster are, which begin at the same moment. The server is started anew
// before each, so that it does not have the last one's memory; its peak is measured from the word to begin.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ControlPlane, type ControlPlaneOptions } from '../e2e/support/control-plane.ts'
import { cacheFolder } from './corpora/corpus-file.ts'
import { Clients } from './real/clients.ts'
import { costRows, type CostSample, printCosts } from './real/cost-rows.ts'
import { fillWithSecrets } from './real/fill.ts'
import { RawApi } from './real/raw-api.ts'
import { type Client, runClients } from './real/run-clients.ts'
import { ServerMemory } from './real/server-memory.ts'
import { resultFile, writeResultFile } from './result-file.ts'
import { buildPeers } from './sync/peers.ts'

const SECRETS = 100
const CLIENTS = 16
/** The server gives back the memory that its start has taken little by little: until it does not by a hundredth. */
const SETTLE = { everyMs: 2000, within: 0.01, atMostMs: 15_000 } as const

const streaming = (isOn: boolean): Readonly<Record<string, boolean>> => ({
  StreamingCollectionEncodingToJSON: isOn,
  StreamingCollectionEncodingToProtobuf: isOn,
})
const SERVERS: readonly { readonly name: string; readonly options: ControlPlaneOptions }[] = [
  { name: '1.33, streaming off', options: { version: '1.33.13', featureGates: streaming(false) } },
  { name: '1.33, streaming on', options: { version: '1.33.13', featureGates: streaming(true) } },
  { name: '1.36', options: { version: '1.36.3' } },
]

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    /** Only clients whose name has this in it, and curl. */
    only: { type: 'string', default: '' },
    out: { type: 'string' },
  },
})

const folder = mkdtempSync(join(tmpdir(), 'kubeflume-bench-'))
const samples: Record<string, Record<string, CostSample[]>> = {}
const loads: number[] = []
try {
  using peers = buildPeers({ wanted: ['client-go', 'client-node'] })
  for (const server of SERVERS) {
    await using controlPlane = await ControlPlane.start(server.options)
    await fillWithSecrets(controlPlane.kubeConfig(), SECRETS)
    const all = clientsOf(new Clients(folder, controlPlane.kubeConfig(), { peers, listed: 'secrets' }), server.name)
    for (let round = 1; round <= Number(options.rounds); round++) {
      loads.push(loadavg()[0]!)
      for (const client of all) {
        process.stderr.write(`bench: ${server.name}, round ${round} of ${options.rounds}: 16 x ${client.name}\n`)
        ;((samples[server.name] ??= {})[client.name] ??= []).push(await measure(controlPlane, client, all[0]!))
      }
    }
  }
  loads.push(loadavg()[0]!)
  const rows = costRows(samples)
  printCosts(samples, rows)
  const file = options.out ?? (options.only === '' ? resultFile('server') : join(cacheFolder(), 'last-server.json'))
  const what = { secrets: SECRETS, clients: CLIENTS, loads, rows, samples }
  console.log(writeResultFile(file, { name: 'server', versions: peers.versions, ...what }))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function clientsOf(clients: Clients, server: string): Client[] {
  const lists = [clients.curl('protobuf'), clients.curl('json'), clients.kubeflume('protobuf')]
  const others = [
    clients.kubeflume('json'),
    clients.clientGo('protobuf'),
    clients.clientNode(),
    ...(server === '1.36'
      ? [
          clients.curl('protobuf', 'watch-list'),
          clients.kubeflume('protobuf', 'watch-list'),
          clients.clientGo('protobuf', 'watch-list'),
        ]
      : []),
  ].filter((client) => client !== undefined)
  return [...lists, ...others].filter(({ name }) => name.startsWith('curl') || name.includes(options.only))
}

async function measure(controlPlane: ControlPlane, client: Client, warmUp: Client): Promise<CostSample> {
  await controlPlane.killApiServer()
  await controlPlane.startApiServer()
  await runClients(warmUp, 1) // its cache is filled by the first list
  const memory = new ServerMemory()
  await collectGarbage(controlPlane)
  await settle(memory)
  const [before, cpuBefore] = [memory.bytes('now'), memory.cpuMs()]
  memory.forgetPeak()
  const { outcomes, allMs } = await runClients(client, CLIENTS)
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []))
  return {
    beforeBytes: before,
    peakBytes: memory.bytes('peak'),
    serverCpuMs: memory.cpuMs() - cpuBefore,
    allMs,
    ...(errors.length === 0 ? {} : { errors: [...new Set(errors)], failed: errors.length }),
  }
}

async function settle(memory: ServerMemory): Promise<void> {
  const end = performance.now() + SETTLE.atMostMs
  let before: number
  do {
    before = memory.bytes('now')
    await sleep(SETTLE.everyMs)
  } while (before - memory.bytes('now') > SETTLE.within * before && performance.now() < end)
}

/** Go keeps pooled buffers over one collection. */
async function collectGarbage(controlPlane: ControlPlane): Promise<void> {
  await using api = new RawApi(controlPlane.kubeConfig())
  for (let i = 0; i < 2; i++) await api.send({ method: 'GET', path: '/debug/pprof/heap?gc=1' })
}
