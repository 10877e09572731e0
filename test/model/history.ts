import { ANSWER_STEPS } from './answer-steps.ts'
import { CALL_STEPS } from './call-steps.ts'
import { Random } from './random.ts'
import { LIES, SERVER_STEPS } from './server-steps.ts'
import { drawSetup, type Setup } from './setup.ts'
import { end, settle } from './settle.ts'
import { Sightings, type Situation } from './sightings.ts'
import type { Step } from './step.ts'
import { checkReads, checkStore } from './store-check.ts'
import { subscribe } from './subscribe.ts'
import { VersionsCheck } from './versions-check.ts'
import { World } from './world.ts'
import { seedObjects, WRITES } from './writes.ts'

const STEPS: readonly Step[] = [...WRITES, ...SERVER_STEPS, ...LIES, ...ANSWER_STEPS, ...CALL_STEPS]
const MIN_STEPS = 10
const MORE_STEPS = 30
/** So many come before the start: what they order meets the first list. */
const MAX_EARLY_STEPS = 4

/** A step, with the seed of the numbers that it draws: it goes the same way whatever steps are left out. */
interface PlannedStep {
  readonly step: Step
  readonly seed: number
}

export interface History {
  readonly seed: number
  readonly setup: Setup
  readonly steps: readonly PlannedStep[]
}

export interface Outcome {
  readonly violations: readonly string[]
  /** What happened, step by step. */
  readonly log: readonly string[]
  readonly requests: number
  /** How often each situation has come about. */
  readonly seen: ReadonlyMap<Situation, number>
}

/** The history of a seed: always the same. */
export function drawHistory(seed: number): History {
  const random = new Random(seed)
  const setup = drawSetup(random)
  const count = MIN_STEPS + random.below(MORE_STEPS)
  const steps = Array.from({ length: count }, () => ({
    step: random.weighted(STEPS),
    seed: random.below(2 ** 32),
  }))
  return { seed, setup, steps }
}

/** Lets a history happen, to its end or to the first violation. */
export async function runHistory({ seed, setup, steps }: History): Promise<Outcome> {
  const random = new Random(seed + 1)
  const world = await World.start(setup)
  using sightings = new Sightings()
  try {
    seedObjects(world, random)
    subscribe(world, random)
    const early = random.below(MAX_EARLY_STEPS)
    await runSteps(world, steps.slice(0, early))
    world.start()
    await runSteps(world, steps.slice(early))
    if (world.violations.length === 0) await settle(world)
    sum(world, sightings)
  } catch (error) {
    world.report(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    await end(world)
  }
  return {
    violations: world.violations,
    log: world.log,
    requests: world.server.requests.length,
    seen: sightings.counts,
  }
}

/** What is not to be seen on the wire. */
function sum(world: World, sightings: Sightings): void {
  const steps = (...names: readonly string[]): number => world.log.filter((line) => names.includes(line)).length
  sightings.saw('objects written', world.states.revision)
  sightings.saw('histories compacted', steps('compact', 'compact the storage'))
  sightings.saw('servers restarted', steps('restart', 'restart one replica'))
  sightings.saw('storages restored', world.restores.count)
  sightings.saw('selectors or namespaces changed', world.scopeChanges)
  if (world.informer.status.scopes.length > 1) sightings.saw('several namespaces in one store')
}

async function runSteps(world: World, steps: readonly PlannedStep[]): Promise<void> {
  const versions = new VersionsCheck(world)
  for (const { step, seed } of steps) {
    if (world.violations.length > 0) return
    const before = world.server.requests.length
    world.log.push(await step.run(world, new Random(seed)))
    if (new Random(seed ^ 1).chance(0.7)) await world.quiet() // else the next step comes while this one is under way
    versions.look()
    checkStore(world)
    if (world.setup.ballast === 0) checkReads(world)
    world.checkPace(world.server.requests.slice(before))
  }
}

/** Leaves out steps as long as it still fails, one after the other. */
export async function shrink(history: History, run: (history: History) => Promise<Outcome>): Promise<History> {
  let least = history
  for (let size = Math.ceil(history.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < least.steps.length;) {
      const shorter = { ...least, steps: least.steps.toSpliced(at, size) }
      const { violations } = await run(shorter)
      if (violations.length > 0) least = shorter
      else at += size
    }
  }
  return least
}
