import { resources } from '../../src/api/generated/index.ts'
import type { New } from '../../src/api/object.ts'
import type { Random } from './random.ts'
import { APPS, NAMES, NAMESPACES, NODES, type Thing } from './scopes.ts'
import type { Step } from './step.ts'
import type { World } from './world.ts'

const { configmaps } = resources.core.v1

export const WRITES: readonly Step[] = [
  { name: 'create', weight: 8, run: (world, random) => createOrEdit(world, random) },
  { name: 'edit', weight: 10, run: (world, random) => withExisting(world, random, relabel) },
  { name: 'touch', weight: 4, run: (world, random) => withExisting(world, random, touch) },
  { name: 'delete', weight: 6, run: (world, random) => withExisting(world, random, remove) },
  { name: 'recreate', weight: 3, run: (world, random) => withExisting(world, random, recreate) },
  { name: 'write something else', weight: 2, run: (world) => writeElsewhere(world) },
  {
    name: 'burst',
    weight: 3,
    run: (world, random) =>
      Array.from({ length: 3 + random.below(12) }, () => writeSomething(world, random)).join('; '),
  },
]

/** One write of any kind. */
export function writeSomething(world: World, random: Random): string {
  const one = random.below(4)
  if (one === 0) return createOrEdit(world, random)
  return withExisting(world, random, one === 1 ? relabel : one === 2 ? remove : recreate)
}

/** What a server begins with. */
export function seedObjects(world: World, random: Random): void {
  for (let left = 4 + random.below(6); left > 0; left--) createOrEdit(world, random)
  for (let number = 0; number < world.setup.ballast; number++) create(world, random, `web/x${number}`)
}

/** Writes otherwise what a restore has taken back, under the versions that it had, all but the last one. */
export function rewrite(world: World, random: Random, before: readonly (readonly [string, Thing])[]): string {
  const { states } = world
  const versionOf = ({ metadata }: Thing): number => Number(metadata.resourceVersion)
  const taken = before.filter(([, object]) => versionOf(object) > states.revision)
  return taken
    .toSorted(([, a], [, b]) => versionOf(a) - versionOf(b))
    .slice(0, -1)
    .filter(([key]) => states.newest.has(key))
    .map(([key, object]) => {
      while (states.revision < versionOf(object) - 1) writeElsewhere(world)
      return relabel(world, random, key)
    })
    .join('; ')
}

function createOrEdit(world: World, random: Random): string {
  const key = `${random.pick(NAMESPACES)}/${random.pick(NAMES)}`
  return world.states.newest.has(key) ? relabel(world, random, key) : create(world, random, key)
}

function withExisting(
  world: World,
  random: Random,
  write: (world: World, random: Random, key: string) => string,
): string {
  const keys = [...world.states.newest.keys()].filter((key) => !key.startsWith('web/x'))
  return keys.length === 0 ? createOrEdit(world, random) : write(world, random, random.pick(keys))
}

function create(world: World, random: Random, key: string): string {
  const [namespace = '', name = ''] = key.split('/')
  const { resource } = world.setup
  const object = {
    metadata: { name, namespace, labels: drawLabels(random) },
    spec: { nodeName: random.pick(NODES), containers: [{ name: 'main', image: 'web:1' }] },
    status: { phase: 'Running' },
  }
  return written(world, key, 'create', world.server.create(resource, object as unknown as New<Thing>))
}

function relabel(world: World, random: Random, key: string): string {
  const labels = { ...drawLabels(random), n: String(world.counter++) }
  const edited = world.server.edit(world.setup.resource, key, (draft) => void (draft.metadata.labels = labels))
  return written(world, key, 'edit', edited)
}

function touch(world: World, _: Random, key: string): string {
  const annotations = { n: String(world.counter++) }
  const edited = world.server.edit(
    world.setup.resource,
    key,
    (draft) => void (draft.metadata.annotations = annotations),
  )
  return written(world, key, 'touch', edited)
}

function remove(world: World, _: Random, key: string): string {
  world.server.delete(world.setup.resource, key)
  world.states.deleted(key)
  world.look()
  return `delete ${key} -> ${world.states.revision}`
}

function recreate(world: World, random: Random, key: string): string {
  return `${remove(world, random, key)}, ${create(world, random, key)}`
}

function writeElsewhere(world: World): string {
  const name = `other-${world.counter++}`
  world.server.create(configmaps, { metadata: { name, namespace: 'web' } })
  world.states.passed()
  world.look()
  return `write something else -> ${world.states.revision}`
}

function written(world: World, key: string, what: string, object: Thing): string {
  world.states.written(key, object)
  world.look()
  const labels = Object.entries(object.metadata.labels ?? {}).map(([name, value]) => `${name}=${value}`)
  return `${what} ${key} ${labels.join()} -> ${object.metadata.resourceVersion}`
}

function drawLabels(random: Random): { [label: string]: string } {
  return {
    ...(random.chance(0.85) && { app: random.pick(APPS) }),
    ...(random.chance(0.4) && { tier: 'front' }),
  }
}
