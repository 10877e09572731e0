import type { Random } from './random.ts'
import type { Step } from './step.ts'
import type { World } from './world.ts'
import { rewrite, writeSomething } from './writes.ts'

const REPLICAS = 3

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
  await world.quiet() // what is on its way arrives: else nobody could say what the informer has seen
  const revision = Math.max(states.revision - random.below(10), states.first)
  try {
    server.faults.restoreStorage(String(revision))
  } catch (error) {
    return `restore to ${revision}: ${String(error)}`
  }
  states.restored(revision)
  restores.restored(revision, world.scopes)
  return `restore to ${revision}; ${random.chance(0.5) ? rewrite(world, random, before) : ''}`
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
