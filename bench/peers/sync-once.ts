// Syncs one informer with a real API server, and prints a line of JSON. It prints `ready` first and waits for a line,
// so that many of these can begin at the same moment; it goes on watching until its standard input ends.
//
//     node --expose-gc bench/peers/sync-once.ts --peer kubeflume --resource secrets --kubeconfig file
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { KubeConfig } from '@kubernetes/client-node'
import { residentBytes } from './process-memory.ts'

/** An informer that is about to start. */
interface Startable {
  readonly sync: () => Promise<void>
  readonly count: () => number
}

const { values: args } = parseArgs({
  options: {
    peer: { type: 'string', default: 'kubeflume' },
    resource: { type: 'string', default: 'pods' },
    encoding: { type: 'string', default: 'protobuf' },
    /** kubeflume's. */
    sync: { type: 'string', default: 'auto' },
    freshness: { type: 'string', default: 'latest' },
    kubeconfig: { type: 'string', default: '' },
  },
})
const config = new KubeConfig()
config.loadFromString(readFileSync(args.kubeconfig, 'utf8'))
const { sync, count } = args.peer === 'kubeflume' ? await kubeflume() : await clientNode()

const input = createInterface({ input: process.stdin })
process.stdout.write('ready\n')
await new Promise((resolve) => input.once('line', resolve))
const cpu = process.cpuUsage()
const startedAt = performance.now()
try {
  await sync()
} catch (error) {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
}
const syncedMs = performance.now() - startedAt
const { user, system } = process.cpuUsage(cpu)
const figures = { syncedMs, objects: count(), cpuMs: (user + system) / 1000, peakRssBytes: residentBytes('peak') }
process.stdout.write(`${JSON.stringify({ figures })}\n`)
input.once('close', () => process.exit(0))

async function kubeflume(): Promise<Startable> {
  const { createInformer, resources } = await import('../../src/index.ts')
  const { pods, secrets } = resources.core.v1
  const { encoding, sync: how, freshness } = args
  const options = { encoding, sync: how, freshness } as { encoding: 'protobuf'; sync: 'auto'; freshness: 'any' }
  const informer =
    args.resource === 'pods' ? createInformer(config, pods, options) : createInformer(config, secrets, options)
  return {
    sync: () => {
      informer.start()
      return informer.synced()
    },
    count: () => informer.store.size,
  }
}

async function clientNode(): Promise<Startable> {
  const { CoreV1Api, makeInformer } = await import('@kubernetes/client-node')
  const api = config.makeApiClient(CoreV1Api)
  const isPods = args.resource === 'pods'
  const list = isPods ? () => api.listPodForAllNamespaces() : () => api.listSecretForAllNamespaces()
  const informer = makeInformer(config, `/api/v1/${args.resource}`, list)
  const failed = Promise.withResolvers<never>()
  informer.on('error', (error: unknown) => failed.reject(error))
  return { sync: () => Promise.race([informer.start(), failed.promise]), count: () => informer.list().length }
}
