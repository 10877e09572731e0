import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { KubeConfig } from '@kubernetes/client-node'
import { createInformer, resources } from '../../src/index.ts'
import { measureStalls } from './stall-probe.ts'

/**
 * A program: syncs all pods once, in a process that has done nothing else, and prints what it took as
 * JSON. Reads the kubeconfig from its standard input, because arguments are for everyone to see.
 */
const config = new KubeConfig()
config.loadFromString(await text(process.stdin))

const informer = createInformer(config, resources.core.v1.pods)
let told = 0
const subscription = informer.subscribe(() => void told++)

await sleep(100)
const stalls = measureStalls()
await sleep(20)

const startedAt = performance.now()
informer.start()
await informer.synced({ timeoutMs: 60_000 })
const syncedMs = performance.now() - startedAt
await subscription.synced({ timeoutMs: 60_000 })
await sleep(20)
const found = stalls()

const { bytes } = informer.status
const { size } = informer.store
await informer.stop()
process.stdout.write(JSON.stringify({ ...found, syncedMs, size, told, bytes }))
