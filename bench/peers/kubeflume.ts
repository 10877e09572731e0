// Measures kubeflume's informer of pods against a replay server, and prints a line of JSON:
//
//     node --expose-gc bench/peers/kubeflume.ts --url http://127.0.0.1:1234 --steps decode,memory
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { InformerOptions, Pod } from '../../src/index.ts'
import { InformerProbe } from './informer-probe.ts'

const { values: args } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    profile: { type: 'boolean', default: false },
    /** Another build or checkout of kubeflume than these sources. */
    module: { type: 'string' },
    encoding: { type: 'string', default: 'protobuf' },
    retain: { type: 'string', default: 'wire' },
    sync: { type: 'string', default: 'auto' },
    /** What is measured after the sync, in this order: decode, memory, relist, events, read-events, get. */
    steps: { type: 'string', default: '' },
    settle: { type: 'string', default: '1000' },
    'relist-version': { type: 'string', default: '' },
    events: { type: 'string', default: '0' },
  },
})

const other = args.module === undefined ? undefined : await import(pathToFileURL(args.module).href)
const { createInformer, resources } =
  (other as typeof import('../../src/index.ts')) ?? (await import('../../src/index.ts'))

// What is used of a KubeConfig: client-node's own costs 90 MB to import, which is not what is compared.
const kubeConfig = {
  getCurrentCluster: () => ({ server: args.url }),
  getCurrentUser: () => null,
  applySecurityAuthentication: () => Promise.resolve(),
}
const { encoding, retain, sync } = args
const informer = createInformer(kubeConfig, resources.core.v1.pods, { encoding, retain, sync } as InformerOptions<Pod>)
const probe = new InformerProbe(informer, args)
await probe.sync()
for (const step of args.steps.split(',')) {
  if (step === 'decode') await probe.decodeAll()
  if (step === 'memory') await probe.memory(Number(args.settle))
  if (step === 'relist') await probe.relist(args['relist-version'])
  if (step === 'events' || step === 'read-events') await probe.events(Number(args.events), step === 'read-events')
  if (step === 'get') await probe.get()
}
process.stdout.write(`${JSON.stringify(probe.sample)}\n`)
await informer.stop()
