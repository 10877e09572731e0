import type { Random } from './random.ts'
import { drawScope, type Thing } from './scopes.ts'
import { pods } from './setup.ts'
import type { Step } from './step.ts'
import { subscribe } from './subscribe.ts'
import type { World } from './world.ts'
import { writeSomething } from './writes.ts'

/** What the informer is asked for, and time that passes. */
export const CALL_STEPS: readonly Step[] = [
  { name: 'pass moments', weight: 10, run: (world, random) => pass(world, random.below(1000)) },
  { name: 'pass seconds', weight: 8, run: (world, random) => pass(world, random.below(20_000)) },
  { name: 'pass a minute', weight: 3, run: (world, random) => pass(world, 50_000 + random.below(40_000)) },
  { name: 'pass minutes', weight: 1, run: (world, random) => pass(world, random.below(11 * 60_000)) },
  { name: 'set the scope', weight: 3, run: setScope },
  { name: 'subscribe', weight: 3, run: subscribe },
  { name: 'unsubscribe', weight: 1, run: unsubscribe },
  { name: 'verify', weight: 2, run: verify },
  { name: 'wait for an object', weight: 3, run: waitForObject },
  { name: 'wait for a delete', weight: 2, run: waitForDelete },
  { name: 'stop and start', weight: 1, run: stopAndStart },
  { name: 'start behind', weight: 2, run: startBehind },
]

async function pass(world: World, ms: number): Promise<string> {
  await world.clock.advance(ms)
  return `pass ${ms} ms`
}

function setScope(world: World, random: Random): string {
  const choice = drawScope(random, { hasNodes: world.setup.resource === pods })
  world.choice = choice
  world.scopeChanges++
  const change = world.scopeChanges
  const { isRunning, runs } = world
  world.rescoping++
  const call = world.informer.setScope(choice.scope).finally(() => world.rescoping--)
  world.follow('setScope', call, () => {
    if (!isRunning || world.runs !== runs || world.scopeChanges !== change || world.informer.status.synced) return
    world.report('setScope has resolved before the scope is synced')
  })
  return `setScope ${JSON.stringify(choice.scope)}`
}

function unsubscribe(world: World): string {
  const [first, ...others] = world.audience
  first?.unsubscribe()
  world.audience = others
  return `unsubscribe ${first?.witness.name ?? 'nobody'}`
}

function verify(world: World, random: Random): string {
  const options = { content: random.chance(0.5), repair: random.chance(0.3), timeoutMs: 60_000 }
  const { count } = world.restores
  const isCalm = (): boolean => world.isTrustworthy && world.restores.isEmpty && world.restores.count === count
  const wasCalm = isCalm()
  world.follow('verify', world.informer.verify(options), (report) => {
    const { missing, extra, stale } = report
    if (!wasCalm || !isCalm() || missing.length + extra.length + stale.length === 0) return
    world.report(`verify ${JSON.stringify(options)} says ${JSON.stringify(report)}`)
  })
  return `verify ${JSON.stringify(options)}`
}

/** Read your own writes: what is there when the call resolves is as new as what was waited for. */
function waitForObject(world: World, random: Random): string {
  const objects = [...world.states.newest.values()]
  if (objects.length === 0) return 'nothing'
  const object = random.pick(objects)
  const { resourceVersion, namespace, name } = object.metadata
  const { restores, scopeChanges, runs } = world
  const { count } = restores
  world.follow(`caughtUp ${resourceVersion}`, world.informer.caughtUp(object), () => {
    if (
      !restores.isEmpty ||
      restores.count !== count ||
      world.runs !== runs ||
      world.scopeChanges !== scopeChanges ||
      !world.isTrustworthy
    )
      return
    const scope = scopeOf(world, namespace)
    const stored = world.informer.store.get(`${namespace}/${name}`)
    const versions = [scope?.resourceVersion, stored?.metadata.resourceVersion ?? resourceVersion]
    if (versions.some((version) => Number(version ?? 0) < Number(resourceVersion)))
      world.report(`caughtUp ${resourceVersion} has resolved at ${versions.join()}`)
  })
  return `caughtUp ${namespace}/${name}@${resourceVersion}`
}

/** An object is gone when it is not there any more, or has left the view, if only for a moment. */
function waitForDelete(world: World, random: Random): string {
  const objects: readonly Thing[] = [...world.states.newest.values()]
  if (objects.length === 0) return 'nothing'
  const { namespace, name, uid } = random.pick(objects).metadata
  const key = `${namespace}/${name}`
  const { states, choice, scopeChanges, runs } = world
  const { count } = world.restores
  const from = scopeOf(world, namespace)?.resourceVersion ?? states.first
  world.follow(`caughtUp deleted ${key}`, world.informer.caughtUp({ deleted: key, uid }), () => {
    if (world.informer.store.get(key)?.metadata.uid !== uid) return
    if (world.runs !== runs || world.scopeChanges !== scopeChanges) return
    if (world.restores.count !== count || !world.isTrustworthy) return
    const isShown = (object: Thing | undefined): boolean => object?.metadata.uid === uid && choice.selects(object)
    if (states.since(Number(from)).every((state) => isShown(state.get(key))))
      world.report(`caughtUp has resolved while ${key} is still there`)
  })
  return `caughtUp deleted ${key}`
}

function scopeOf({ informer }: World, namespace: string | undefined): World['scopes'][number] | undefined {
  return informer.status.scopes.find((one) => one.namespace === undefined || one.namespace === namespace)
}

async function stopAndStart(world: World, random: Random): Promise<string> {
  const stopping = world.informer.stop()
  world.isRunning = false
  const isPatient = random.chance(0.7)
  if (isPatient) await stopping
  if (isPatient && world.timers > 0) world.report(`${world.timers} timers are left after stop`)
  world.audience = []
  world.restores.forget()
  world.start()
  subscribe(world, random)
  return isPatient ? 'stop, and start' : 'stop and start'
}

/** The cache that serves the first list has not heard of everything: a watch-list brings that before its bookmark. */
async function startBehind(world: World, random: Random): Promise<string> {
  world.server.faults.fallBehind({ byMs: 300 })
  const written = Array.from({ length: 4 }, () => writeSomething(world, random))
  return `${await stopAndStart(world, random)} behind ${written.join('; ')}`
}
