import { checkFold, checkReads, checkStore } from './store-check.ts'
import type { World } from './world.ts'

const STEP_MS = 30_000
/** A deaf watch is given up after ten minutes and a half; what follows may have to wait for five minutes more. */
const MAX_STEPS = 80
const MAX_TURNS = 40
/** In this time the server has found that its caches are wrong, where it looks for that. */
const CHECKED_MS = 11 * 60_000

/** Lets the server be as it should be, waits until the informer is as the server, and checks everything. */
export async function settle(world: World): Promise<void> {
  world.server.faults.clear()
  await converge(world)
  if (!world.isTrustworthy) await mend(world)
  await untilIdle(world)
  checkStore(world)
  checkReads(world)
  for (const audience of world.audience) checkFold(world, audience)
  if (world.pending.size > 0) world.report(`${world.pending.size} calls are not answered`)
}

/** Ends the informer, then the server; nothing of them may be left. */
export async function end(world: World): Promise<void> {
  await world.informer.stop()
  if (world.timers > 0) world.report(`${world.timers} timers are left after stop`)
  await world.server.stop()
  await world.clock.advance(1000) // handlers of the model that were under way
  if (world.clock.pending > 0) world.report(`${world.clock.pending} timers are left in the end`)
}

async function converge(world: World): Promise<void> {
  const hasConverged = (): boolean => {
    const { synced, scopes } = world.informer.status
    const revision = String(world.states.revision)
    return synced && scopes.every((scope) => scope.phase === 'watching' && scope.resourceVersion === revision)
  }
  await passUntil(world, hasConverged)
  if (hasConverged()) return
  const { phase, reason, scopes } = world.informer.status
  world.report(`never as the server, at ${world.states.revision}: ${phase}, ${reason}, ${JSON.stringify(scopes)}`)
}

/** A server that has told what is not so is only found out by a comparison. */
async function mend(world: World): Promise<void> {
  await world.clock.advance(CHECKED_MS)
  await converge(world)
  let isMended = false
  world.follow('verify', world.informer.verify({ content: true, repair: true, timeoutMs: 60_000 }), () => {
    isMended = true
  })
  await passUntil(world, () => world.pending.size === 0)
  if (!isMended) world.report('verify has not come to its end')
  world.hasLied = false
  world.restores.becameClear()
  await converge(world)
}

async function untilIdle(world: World): Promise<void> {
  const isIdle = (): boolean => world.pending.size === 0 && world.audience.every((audience) => audience.isIdle())
  for (let step = 0; step < MAX_STEPS; step++) {
    await comeToRest(world, () => false) // who asks for the next delta may be about to get it
    if (isIdle()) return
    await world.clock.advance(STEP_MS)
    world.look()
  }
}

/** What goes on at this moment comes to its end before time passes: code and sockets are not what deadlines are for. */
async function comeToRest(world: World, holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS && !holds(); turn++) await world.clock.advance(0)
}

async function passUntil(world: World, holds: () => boolean): Promise<void> {
  for (let step = 0; step < MAX_STEPS && !holds(); step++) {
    await comeToRest(world, holds)
    await world.clock.advance(STEP_MS)
    world.look()
  }
}
