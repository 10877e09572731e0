import { customResource, type Resource } from '../../src/api/resource.ts'
import { resources } from '../../src/api/generated/index.ts'
import type { DeepReadonly } from '../../src/api/object.ts'
import type { InformerOptions } from '../../src/informer/informer.ts'
import type { Random } from './random.ts'
import { appOf, drawScope, type ScopeChoice, type Thing } from './scopes.ts'

export const pods: Resource<Thing> = resources.core.v1.pods as unknown as Resource<Thing>
export const widgets: Resource<Thing> = customResource<Thing>({
  group: 'example.com',
  version: 'v1',
  plural: 'widgets',
  kind: 'Widget',
})

/** More than two pages. */
const LARGE = 1100

const EVERYTHING: ScopeChoice = { scope: {}, selects: () => true }

/** What of an object the informer keeps; undefined: nothing. */
type View = (object: Thing) => Thing | undefined

/** Everything about a history but its steps. */
export interface Setup {
  readonly resource: Resource<Thing>
  readonly options: Pick<
    InformerOptions<Thing>,
    'sync' | 'freshness' | 'encoding' | 'retain' | 'filter' | 'transform' | 'omit'
  >
  readonly choice: ScopeChoice
  readonly view: View
  readonly release: '1.31' | '1.33' | '1.36' | '1.37'
  /** Objects that nobody touches: enough for pages, and for a cut list to be resumed. */
  readonly ballast: number
  /** So many milliseconds each look at the time takes: what goes in slices is told in many of them. 0: none. */
  readonly sliceMs: number
  /** Whether the server may tell what is not so, which only a comparison finds. */
  readonly mayLie: boolean
}

export function drawSetup(random: Random): Setup {
  const isCustom = random.chance(0.2)
  const hasFilter = random.chance(0.25)
  const hasTransform = random.chance(0.2)
  const omitsAnnotations = random.chance(0.2)
  const ballast = random.chance(0.1) ? LARGE : 0
  const paged = ballast > 0 ? (['paged', 'paged', 'paged', 'paged'] as const) : (['paged'] as const)
  return {
    resource: isCustom ? widgets : pods,
    options: {
      sync: random.pick(['auto', 'auto', 'stream', 'watch-list', 'watch-list', ...paged]),
      freshness: random.pick(['latest', 'latest', 'any']),
      encoding: random.pick(['auto', 'json', 'json']),
      retain: random.pick(['wire', 'wire', 'compressed', 'objects']),
      ...(hasFilter && { filter: isKept }),
      ...(hasTransform && { transform: marked }),
      ...(omitsAnnotations && { omit: ['metadata.annotations'] as const }),
    },
    choice: ballast > 0 ? EVERYTHING : drawScope(random, { hasNodes: !isCustom }),
    view: (object) => {
      if (hasFilter && !isKept(object as DeepReadonly<Thing>)) return undefined
      const cut = omitsAnnotations ? withoutAnnotations(object) : object
      return hasTransform ? marked(cut) : cut
    },
    release: random.pick(['1.31', '1.33', '1.36', '1.36', '1.37']),
    ballast,
    sliceMs: random.pick(ballast > 0 ? [0, 0.1] : [0, 2, 4]),
    mayLie: random.chance(0.2),
  }
}

function isKept(object: DeepReadonly<Thing>): boolean {
  return appOf(object) !== 'z'
}

function marked(object: Thing): Thing {
  return { ...object, spec: { ...object.spec, nodeName: `on ${object.spec?.nodeName ?? 'none'}` } }
}

function withoutAnnotations(object: Thing): Thing {
  const { annotations: _, ...metadata } = object.metadata
  return { ...object, metadata }
}
