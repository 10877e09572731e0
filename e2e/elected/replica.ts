import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { KubeConfig } from '@kubernetes/client-node'
import { createController, LeaderElector, type LeaderTerm } from '../../src/controller/index.ts'
import { type ConfigMap, createInformer, createWriter, reasonOf, resources, type Writer } from '../../src/index.ts'
import type { ReplicaSettings } from './replica-process.ts'

/**
 * A program: one replica of an operator that leads alone. The leader makes a ConfigMap `done-…` for each one
 * with the label `work`, and one more every so often, all by a Writer that is bound to its term. Each write is an
 * object of its own, so that none of them is refused because it comes late. It tells what it does, a line each:
 * `candidate`, `leads 3`, `wrote`, `lost`, `failed ERR_…`. Its settings come by its standard input; SIGTERM ends it, and SIGUSR2 holds its event loop up.
 */
const { kubeConfig, namespace, name, times } = (await json(process.stdin)) as ReplicaSettings
const config = new KubeConfig()
config.loadFromString(kubeConfig)

const BEAT_MS = 100
const { configmaps } = resources.core.v1
let beats = 0

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

function tellError(error: unknown): void {
  tell(`failed ${(error as { readonly code?: string }).code ?? String(error)}`)
}

/** Who wrote it, and in which term: what the test sorts by the order of etcd. */
function writing(title: string, { transitions }: LeaderTerm): Parameters<Writer<ConfigMap>['create']>[0] {
  return { metadata: { namespace, name: title, labels: { term: String(transitions), by: name } } }
}

async function beat(writer: Writer<ConfigMap>, term: LeaderTerm): Promise<void> {
  while (!term.signal.aborted) {
    await writer.create(writing(`beat-${name}-${beats++}`, term)).then(() => tell('wrote'), tellError)
    await sleep(BEAT_MS)
  }
}

/** As a long computation does: no timer runs between it and the write, on a connection that is there. */
function holdUpAndWrite(writer: Writer<ConfigMap>, term: LeaderTerm): void {
  tell('held up')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, times.leaseDurationMs + 4 * times.retryPeriodMs)
  tell(`goes on, ${term.signal.aborted ? 'knowing' : 'not knowing'} that it is over`)
  writer.create(writing(`late-${name}-${beats++}`, term)).then(() => tell('wrote late'), tellError)
}

async function lead(term: LeaderTerm): Promise<void> {
  tell(`leads ${term.transitions}`)
  const writer = createWriter(config, configmaps, { signal: term.signal })
  const informer = createInformer(config, configmaps, {
    namespaces: [namespace],
    labelSelector: 'work',
    onError: () => {},
  })
  const controller = createController({
    name: 'elected',
    informer,
    onError: () => {},
    async reconcile(request, { store }) {
      if (!store.has(request.key)) return
      await writer.create(writing(request.name.replace('work', 'done'), term)).catch((error: unknown) => {
        if (reasonOf(error) !== 'AlreadyExists') throw error
      })
    },
  })
  controller.start({ signal: term.signal })
  const holdUp = (): void => holdUpAndWrite(writer, term)
  process.once('SIGUSR2', holdUp)
  try {
    await beat(writer, term)
  } finally {
    process.off('SIGUSR2', holdUp)
    await controller.stop()
  }
}

const elector = new LeaderElector(config, {
  lease: { namespace, name: 'operator' },
  identity: name,
  ...times,
  onError: () => {},
})
const stopping = new AbortController()
process.once('SIGTERM', () => stopping.abort())
while (!stopping.signal.aborted) {
  tell('candidate')
  await elector.run(lead, stopping).catch((error: unknown) => tell(`lost ${(error as Error).message}`))
}
