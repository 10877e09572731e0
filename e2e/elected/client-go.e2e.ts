import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Lease, createInformer, resources } from '../../src/index.ts'
import { buildsClients } from '../clients/build-clients.ts'
import { GoClient } from '../clients/go-client.ts'
import { type Cluster, openCluster } from '../support/cluster.ts'
import { createNamespaces, deleteNamespaces } from '../support/namespaces.ts'
import { say } from '../support/say.ts'
import { waitUntil } from '../support/wait.ts'
import { ReplicaProcess } from './replica-process.ts'

const TIMES = { leaseDurationMs: 3000, renewDeadlineMs: 2000, retryPeriodMs: 500 }
/** client-go waits up to 2.2 retry periods between two looks. */
const TAKEOVER_MS = TIMES.leaseDurationMs + 2.2 * TIMES.retryPeriodMs
const ALLOWANCE_MS = 1000
const PATIENCE_MS = 20_000

describe.skipIf(!buildsClients())('an elector of client-go and one of ours on one Lease', () => {
  let cluster: Cluster
  let config: KubeConfig
  let namespaces: string[]
  let clients: GoClient

  beforeAll(async () => {
    cluster = await openCluster()
    config = cluster.kubeConfig()
    namespaces = await createNamespaces(config, 2)
    clients = await GoClient.open(config)
  })
  afterAll(async () => {
    await clients[Symbol.asyncDispose]()
    await deleteNamespaces(config, namespaces)
    await cluster.stop()
  })

  test('take over from each other when the leader is killed, and not before', async () => {
    const namespace = namespaces.pop()!
    const holders = await followHolders(namespace)
    let ours = await joinOurs(namespace, 'ours-1')
    await ours.tells('leads', 0)
    const theirs = new Elector(namespace, 'theirs')
    await theirs.tells('ours-1')
    await sleep(TIMES.leaseDurationMs + TIMES.retryPeriodMs) // long enough to take what is not renewed
    expect(theirs.lines).not.toContain('leads')

    const [ourKill] = [performance.now(), await ours.kill()]
    const theirTakeover = (await theirs.tells('leads')) - ourKill
    ours = await joinOurs(namespace, 'ours-2')
    await sleep(TIMES.leaseDurationMs + TIMES.retryPeriodMs)
    expect(ours.terms).toBe(0)

    const theirKill = performance.now()
    theirs.child.kill('SIGKILL')
    const ourTakeover = (await ours.tells('leads', 0)) - theirKill
    say(`client-go followed a killed leader of ours after ${Math.round(theirTakeover)} ms`)
    say(`ours followed a killed leader of client-go after ${Math.round(ourTakeover)} ms`)
    expect(theirTakeover).toBeLessThan(TAKEOVER_MS + ALLOWANCE_MS)
    expect(ourTakeover).toBeLessThan(TIMES.leaseDurationMs + TIMES.retryPeriodMs + ALLOWANCE_MS)
    expect(holders).toEqual(['ours-1 0', 'theirs 1', 'ours-2 2'])
  })

  test('hand over to each other when the leader ends in good order', async () => {
    const namespace = namespaces.pop()!
    const holders = await followHolders(namespace)
    const theirs = new Elector(namespace, 'theirs')
    await theirs.tells('leads')
    const ours = await joinOurs(namespace, 'ours')
    const theirEnd = performance.now()
    theirs.child.stdin.end()
    const ourTakeover = (await ours.tells('leads', 0)) - theirEnd
    const next = new Elector(namespace, 'next')
    await next.tells('ours')
    const [ourEnd] = [performance.now(), await ours.end()]
    const theirTakeover = (await next.tells('leads')) - ourEnd
    say(
      `ours followed client-go after ${Math.round(ourTakeover)} ms, and it ours after ${Math.round(theirTakeover)} ms`,
    )
    expect(ourTakeover).toBeLessThan(TIMES.retryPeriodMs + ALLOWANCE_MS)
    expect(theirTakeover).toBeLessThan(2.2 * TIMES.retryPeriodMs + ALLOWANCE_MS)
    expect(holders.filter((holder) => !holder.startsWith(' '))).toEqual(['theirs 0', 'ours 1', 'next 2'])
  })

  async function joinOurs(namespace: string, name: string): Promise<ReplicaProcess> {
    const replica = new ReplicaProcess(config, { namespace, name, times: TIMES })
    onTestFinished(() => replica.kill())
    await replica.tells('candidate', 0)
    return replica
  }

  /** Who held the lease, one after the other, each with the number of its term. */
  async function followHolders(namespace: string): Promise<readonly string[]> {
    const holders: string[] = []
    const informer = createInformer<Lease>(config, resources.coordination.v1.leases, { namespaces: [namespace] })
    onTestFinished(() => informer.stop())
    informer.subscribe(({ object: { spec } }) => {
      const holder = `${spec?.holderIdentity ?? ''} ${spec?.leaseTransitions ?? 0}`
      if (holders.at(-1) !== holder) holders.push(holder)
    })
    informer.start()
    await informer.synced({ timeoutMs: PATIENCE_MS })
    return holders
  }

  /** One of client-go's, and what it says: `leads`, `stopped`, or whom it sees leading. */
  class Elector {
    readonly lines: string[] = []
    readonly child: ChildProcessWithoutNullStreams

    constructor(namespace: string, identity: string) {
      const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = TIMES
      const times = [
        `--lease-duration=${leaseDurationMs}ms`,
        `--renew-deadline=${renewDeadlineMs}ms`,
        `--retry-period=${retryPeriodMs}ms`,
      ]
      this.child = clients.elect([`--namespace=${namespace}`, '--name=operator', `--identity=${identity}`, ...times])
      this.child.stderr.resume()
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        const { type, key } = JSON.parse(line) as { readonly type: string; readonly key?: string }
        this.lines.push(key ?? type)
      })
      onTestFinished(() => void this.child.kill('SIGKILL'))
    }

    /** When it has said so. */
    async tells(line: string): Promise<number> {
      const what = `client-go to say ${line}; it said ${this.lines.join(', ')}`
      await waitUntil({ what, timeoutMs: PATIENCE_MS, probe: () => Promise.resolve(this.lines.includes(line)) })
      return performance.now()
    }
  }
})
