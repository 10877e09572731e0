import type { Delta } from '../../src/informer/delta.ts'
import type { SubscribeOptions } from '../../src/informer/subscription.ts'
import type { Random } from './random.ts'
import type { Thing } from './scopes.ts'
import { isX, type Audience, type World } from './world.ts'
import { Witness } from './witness.ts'

interface Kind {
  readonly name: string
  readonly options: SubscribeOptions<Thing>
  /** What a delta takes to be handled. */
  readonly delayMs: number
}

const KINDS: readonly Kind[] = [
  { name: 'quick', options: {}, delayMs: 0 },
  { name: 'slow', options: {}, delayMs: 100 },
  { name: 'folding', options: { maxPending: 2 }, delayMs: 300 },
  { name: 'filtering', options: { filter: isX }, delayMs: 0 },
  { name: 'resyncing', options: { resyncPeriodMs: 60_000 }, delayMs: 0 },
]

/** Adds a subscriber of any kind, or an iteration. */
export function subscribe(world: World, random: Random): string {
  const isIteration = random.chance(0.2)
  const kind = random.pick(KINDS)
  const name = `${kind.name}${isIteration ? ' iteration' : ''} ${world.counter++}`
  const witness = new Witness({
    name,
    report: (violation) => world.report(violation),
    mayGoBack: () => world.hasLied || world.restores.count > 0,
    mayReturn: () => world.scopeChanges > 0,
    // a thousand deltas that wait are folded too
    isFolded: kind.options.maxPending !== undefined || world.setup.ballast > 0,
  })
  world.audience = [...world.audience, (isIteration ? iterate : listen)(world, kind, witness)]
  return `subscribe ${name}`
}

function listen(world: World, { options, delayMs }: Kind, witness: Witness): Audience {
  let busy = 0
  const hear = async (delta: Delta<Thing>): Promise<void> => {
    busy++
    witness.hear(delta)
    if (delayMs > 0) await passed(world, delayMs)
    busy--
  }
  const subscription = world.informer.subscribe(hear, options)
  return {
    witness,
    filter: options.filter,
    isIdle: () => subscription.pending === 0 && busy === 0,
    unsubscribe: () => subscription.unsubscribe(),
  }
}

function iterate(world: World, { options, delayMs }: Kind, witness: Witness): Audience {
  const events = world.informer.events(options)
  let isAsking = false
  const ask = async (): Promise<IteratorResult<Delta<Thing>, unknown>> => {
    isAsking = true
    const answer = await events.next()
    isAsking = false
    return answer
  }
  const run = async (): Promise<void> => {
    for (let next = await ask(); next.done !== true; next = await ask()) {
      witness.hear(next.value)
      if (delayMs > 0) await passed(world, delayMs)
    }
  }
  void run().catch((error: unknown) => world.report(`${witness.name}: ${String(error)}`))
  return {
    witness,
    filter: options.filter,
    isIdle: () => isAsking, // and gets no answer, once everything has come to rest
    unsubscribe: () => void events.return?.(),
  }
}

function passed({ clock }: World, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimeout(resolve, ms))
}
