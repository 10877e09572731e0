import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pod } from '../api/generated/index.ts'
import { createFactoryRig, type FactoryRig } from './factory.test-support.ts'
import { pods, webPods } from './informer.test-support.ts'
import type { Informer, InformerScope } from './informer.ts'

const STEPS = ['join', 'stop', 'start', 'rescope', 'stopAll', 'startAll', 'drop', 'expire', 'write', 'pass'] as const
const SCOPES: readonly InformerScope[] = [
  {},
  { namespaces: ['web'] },
  { namespaces: ['web', 'db'] },
  { labelSelector: 'app=shop' },
]

interface Step {
  readonly step: (typeof STEPS)[number]
  /** Which handle, which scope, which object. */
  readonly which: number
}

interface Held {
  readonly informer: Informer<Pod>
  scope: InformerScope
  /** What its handler has been told, by key: the resourceVersion. */
  readonly told: Map<string, string>
}

/** Hears from an empty store on, as nothing that was told before holds any more. */
function listen({ informer, told }: Held): void {
  told.clear()
  informer.subscribe(({ type, key, object }) => {
    if (type === 'deleted') told.delete(key)
    else told.set(key, object.metadata.resourceVersion)
  })
}

function join({ factory }: FactoryRig, which: number): Held {
  const scope = SCOPES[which % SCOPES.length]!
  const informer = factory.informer(pods, { ...scope, indexes: { [`by${which % 3}`]: 'metadata.name' } })
  const held = { informer, scope, told: new Map<string, string>() }
  listen(held)
  return held
}

async function rescope(rig: FactoryRig, held: Held, which: number): Promise<void> {
  const scope = SCOPES[which % SCOPES.length]!
  let isRefused = false
  held.informer.setScope(scope).catch(({ code }: { code: string }) => (isRefused = code === 'ERR_SCOPE_SHARED'))
  await rig.clock.advance(0)
  if (!isRefused) held.scope = scope
}

function write({ server }: FactoryRig, which: number): void {
  const key = `${['web', 'db'][which % 2]}/p${which % 5}`
  const [namespace, name] = key.split('/')
  const labels = which % 3 === 0 ? { app: 'shop' } : {}
  if (server.get(pods, key) === undefined) server.create(pods, { metadata: { namespace, name, labels } } as never)
  else if (which % 4 === 0) server.delete(pods, key)
  else server.edit(pods, key, ({ metadata }) => (metadata.labels = labels))
}

async function follow(rig: FactoryRig, all: Held[], { step, which }: Step): Promise<void> {
  const held = all[which % all.length]!
  if (step === 'join') all.push(join(rig, which))
  else if (step === 'start') held.informer.start()
  else if (step === 'startAll') rig.factory.start()
  else if (step === 'rescope') await rescope(rig, held, which)
  else if (step === 'write') write(rig, which)
  else if (step === 'pass') await rig.clock.advance(which)
  else if (step === 'stop') {
    void held.informer.stop()
    listen(held)
  } else if (step === 'stopAll') {
    void rig.factory.stop()
    for (const each of all) listen(each)
  } else {
    if (step === 'expire') rig.server.compact()
    rig.server.faults.dropWatches()
  }
}

function wanted({ server }: FactoryRig, { namespaces, labelSelector }: InformerScope): [string, string][] {
  return server
    .list(pods)
    .map(({ metadata }) => metadata)
    .filter(({ namespace }) => namespaces?.includes(namespace!) ?? true)
    .filter(({ labels }) => labelSelector === undefined || labels?.['app'] === 'shop')
    .map(({ namespace, name, resourceVersion }) => [`${namespace}/${name}`, resourceVersion])
}

const sorted = (entries: Iterable<[string, string]>): [string, string][] => [...entries].toSorted()

test('handles that come, go, start, stop and change their scope have, and have told, what the server has', async () => {
  const steps = fc.array(fc.record({ step: fc.constantFrom(...STEPS), which: fc.nat({ max: 1000 }) }), {
    minLength: 20,
    maxLength: 40,
  })
  await fc.assert(
    fc.asyncProperty(steps, async (schedule) => {
      const rig = await createFactoryRig({ objects: webPods('p0', 'p2', 'other'), start: false })
      const all = [join(rig, 0), join(rig, 0), join(rig, 1)]
      for (const step of schedule) await follow(rig, all, step)
      const last = join(rig, 0) // of all, at least this one runs
      rig.factory.start()
      for (let waited = 0; waited < 4; waited++) await rig.clock.advance(30_000)
      await rig.factory.synced()
      await rig.settle()
      for (const { informer, scope, told } of [...all, last].filter(
        (held) => held.informer.status.phase !== 'stopped',
      )) {
        const stored = informer.store.list().map(({ metadata }) => metadata)
        expect(sorted(stored.map((it) => [`${it.namespace}/${it.name}`, it.resourceVersion]))).toEqual(
          sorted(wanted(rig, scope)),
        )
        expect(sorted(told)).toEqual(sorted(wanted(rig, scope)))
      }
      await rig.factory.stop()
    }),
    { numRuns: 40 },
  )
})
