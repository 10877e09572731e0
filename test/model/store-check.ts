import type { DeepReadonly } from '../../src/api/object.ts'
import { isDeepEqual } from '../../src/internal/deep-equal.ts'
import type { State } from './known-states.ts'
import { APPS, appOf, NAMES, NAMESPACES, NODES, type Thing } from './scopes.ts'
import type { Audience, Index, World } from './world.ts'

type Objects = ReadonlyMap<string, DeepReadonly<Thing>>

/** Holds the store against what its server had at the very versions that it shows. */
export function checkStore(world: World): void {
  const { informer, restores, states } = world
  if (!world.isRunning || !world.isTrustworthy || !informer.status.synced) return
  const shown = objectsOf(world)
  for (const { namespace, resourceVersion = '' } of informer.status.scopes) {
    const known = states.at(resourceVersion)
    const right = restores.isEmpty && restores.count > 0 ? known.slice(-1) : known
    const own = new Map([...shown].filter(([, { metadata }]) => isWithin(namespace, metadata)))
    const differences = right.map((state) => differenceOf(own, expected(world, state, namespace)))
    if (!differences.includes(undefined))
      world.report(
        `${namespace ?? 'the store'} at ${resourceVersion}: ${differences.at(-1) ?? 'a version never given'}`,
      )
  }
  if (world.rescoping === 0) checkNamespaces(world, shown)
}

/** Holds every way to read the store against its objects. */
export function checkReads(world: World): void {
  const { store } = world.informer
  const shown = objectsOf(world)
  const isRead = (what: string, keys: Iterable<string>, holds: (object: DeepReadonly<Thing>) => boolean): void => {
    const right = [...shown].filter(([, object]) => holds(object)).map(([key]) => key)
    const read = [...keys]
    if (read.toSorted().join() !== right.toSorted().join())
      world.report(`${what}: ${read.join()} in place of ${right.join()}`)
  }
  const byIndex = (name: Index, value: string, holds: (object: DeepReadonly<Thing>) => boolean): void =>
    isRead(`index ${name}=${value}`, store.keys({ index: [name, value] }), holds)
  if (store.size !== shown.size) world.report(`the size is ${store.size}, of ${shown.size} objects`)
  for (const app of APPS) {
    const hasApp = (object: DeepReadonly<Thing>): boolean => appOf(object) === app
    byIndex('app', app, hasApp)
    isRead(`app=${app}`, store.keys({ labelSelector: `app=${app}` }), hasApp)
  }
  for (const node of NODES) byIndex('node', node, ({ spec }) => spec?.nodeName === node)
  for (const name of NAMES) byIndex('letters', name, ({ metadata }) => metadata.name === name)
  for (const namespace of NAMESPACES) {
    const isThere = ({ metadata }: DeepReadonly<Thing>): boolean => metadata.namespace === namespace
    byIndex('letters', namespace, isThere)
    isRead(`namespace ${namespace}`, store.keys({ namespace }), isThere)
  }
}

/** Holds what a subscriber has put together against the store. */
export function checkFold(world: World, { witness, filter }: Audience): void {
  const shown = new Map([...objectsOf(world)].filter(([, object]) => filter?.(object) ?? true))
  const difference = differenceOf(witness.fold, shown)
  if (difference !== undefined) world.report(`${witness.name} has folded another store: ${difference}`)
}

function objectsOf({ informer }: World): Objects {
  return new Map(
    [...informer.store.iterate()].map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]),
  )
}

/** What an informer has to show of a scope. */
function expected(world: World, state: State, namespace: string | undefined): Objects {
  const objects = new Map<string, DeepReadonly<Thing>>()
  for (const [key, object] of state) {
    if (!isWithin(namespace, object.metadata) || !world.choice.selects(object)) continue
    const seen = world.setup.view(object)
    if (seen !== undefined) objects.set(key, seen as DeepReadonly<Thing>)
  }
  return objects
}

/** What belongs to no namespace that is followed. */
function checkNamespaces(world: World, shown: Objects): void {
  const { namespaces } = world.choice.scope
  const strays = [...shown.keys()].filter((key) => namespaces?.includes(key.split('/')[0]!) === false)
  if (strays.length > 0) world.report(`${strays.join()} are of no namespace that is followed`)
}

function isWithin(namespace: string | undefined, metadata: { readonly namespace?: string | undefined }): boolean {
  return namespace === undefined || metadata.namespace === namespace
}

function differenceOf(is: Objects, right: Objects): string | undefined {
  const missing = [...right.keys()].filter((key) => !is.has(key))
  const extra = [...is.keys()].filter((key) => !right.has(key))
  const other = [...is].filter(([key, object]) => right.has(key) && !isDeepEqual(object, right.get(key)))
  if (missing.length + extra.length + other.length === 0) return undefined
  const [first] = other
  const example =
    first === undefined ? '' : `: ${JSON.stringify(first[1])} in place of ${JSON.stringify(right.get(first[0]))}`
  return `missing ${missing.join()}, extra ${extra.join()}, other ${other.map(([key]) => key).join()}${example}`
}
