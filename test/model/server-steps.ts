import type { Random } from './random.ts'
import type { Step } from './step.ts'
import type { World } from './world.ts'
import { rewrite, writeSomething } from './writes.ts'

const REPLICAS = 3
const SHORT_WATCH_MS = 1000
/** A request that comes at once is there by then. */
const MAX_TURNS = 40
/** A watch that is deaf is given up by then, and the server asked how far it is. */
const UNTIL_ASKED_MS = 12 * 60_000

/** What a server, or what is behind it, goes through. */
export const SERVER_STEPS: readonly Step[] = [
  plain('compact', 3, ({ server }) => server.compact()),
  plain('compact the storage', 1, ({ server }) => server.faults.compactStorage()),
  plain('fall behind', 2, ({ server, setup: { resource } }, random) =>
    server.faults.fallBehind(random.chance(0.5) ? { resource } : {}),
  ),
  plain('fall behind for a while', 2, ({ server }, random) =>
    server.faults.fallBehind({ byMs: random.pick([500, 5000, 30_000]) }),
  ),
  plain('one replica falls behind', 2, ({ server }, random) =>
    server.faults.fallBehind({ replica: random.below(REPLICAS) }),
  ),
  plain('catch up', 3, ({ server }) => server.faults.catchUp()),
  plain('use replicas', 2, ({ server }, random) => server.faults.useReplicas(1 + random.below(REPLICAS))),
  plain('restart', 2, ({ server }, random) =>
    server.faults.restart({ initializingMs: random.pick([undefined, 1000, 20_000]) }),
  ),
  plain('restart one replica', 1, ({ server }) => server.faults.restart({ replica: 0 })),
  plain('reset connections', 2, ({ server }) => server.faults.resetConnections()),
  plain('drop watches', 3, ({ server }, random) => server.faults.dropWatches({ reset: random.chance(0.3) })),
  plain('clear faults', 2, ({ server }) => server.faults.clear()),
  { name: 'restore the storage', weight: 2, run: restore },
  { name: 'write during a relist', weight: 5, run: writeDuringRelist },
]

/** After these the server tells what is not so. */
export const LIES: readonly Step[] = [
  lie('lose events', 4, ({ server }, random) => server.faults.loseEvents({ times: 1 + random.below(3) })),
  lie('write behind the caches', 2, (world, random) =>
    world.server.faults.writeBehindCaches(() => void writeSomething(world, random)),
  ),
  lie('corrupt the caches', 2, ({ server, states, setup: { resource } }, random) => {
    const keys = [...states.newest.keys()]
    if (keys.length === 0) return
    const edit = random.chance(0.5)
      ? undefined
      : (draft: { metadata: { resourceVersion?: string } }): void => {
          draft.metadata.resourceVersion = String(states.first)
        }
    server.faults.corruptCaches(resource, random.pick(keys), edit)
  }),
]

async function restore(world: World, random: Random): Promise<string> {
  const { states, server, restores } = world
  const before = [...states.newest]
  await world.rest() // what is on its way arrives: else nobody could say what the informer has seen
  const revision = Math.max(states.revision - random.below(10), states.first)
  try {
    server.faults.restoreStorage(String(revision))
  } catch (error) {
    return `restore to ${revision}: ${String(error)}`
  }
  states.restored(revision)
  restores.restored(revision, world.scopes)
  const done = `restore to ${revision}; ${random.chance(0.7) ? rewrite(world, random, before) : ''}`
  if (random.chance(0.5)) return done
  await world.clock.advance(UNTIL_ASKED_MS) // else what is written counts beyond what was seen before anybody asks
  return `${done}; pass until a watch is over`
}

/** Between the pages of a list too, where it has any; its version may be forgotten meanwhile. */
async function writeDuringRelist(world: World, random: Random): Promise<string> {
  const { server } = world
  await world.clock.advance(SHORT_WATCH_MS) // else there is a wait before the list
  const forgets = random.chance(0.5)
  const written: string[] = []
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  server.faults.sendWatchError({ code: 410, reason: 'Expired', message: 'too old resource version' })
  const { length } = server.requests
  for (let left = MAX_TURNS; left > 0 && server.requests.length === length; left--) await turn()
  for (let left = 5 + random.below(10); left > 0; left--) {
    await turn()
    written.push(writeSomething(world, random))
    if (forgets) server.compact()
  }
  return `write during a relist${forgets ? ', compact' : ''}: ${written.join('; ')}`
}

function plain(name: string, weight: number, run: (world: World, random: Random) => void): Step {
  return {
    name,
    weight,
    run: (world, random) => {
      run(world, random)
      return name
    },
  }
}

/** A lie about an object that the caches do not hold is none; what was told before stays told. */
function lie(name: string, weight: number, run: (world: World, random: Random) => void): Step {
  return {
    name,
    weight,
    run: (world, random) => {
      if (!world.setup.mayLie) return 'nothing'
      world.hasLied = true
      try {
        run(world, random)
      } catch (error) {
        return `${name}: ${String(error)}`
      }
      return name
    },
  }
}
