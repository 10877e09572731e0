import type { DeepReadonly, KubernetesObject } from '../../src/api/object.ts'
import type { InformerScope } from '../../src/informer/informer.ts'
import type { Random } from './random.ts'

export const NAMESPACES: readonly string[] = ['web', 'db', 'ops']
export const NAMES: readonly string[] = ['a', 'b', 'c', 'd', 'e']
export const APPS: readonly string[] = ['x', 'y', 'z']
export const NODES: readonly string[] = ['n1', 'n2']

/** What the objects of a history have beside their metadata. */
export interface Thing extends KubernetesObject {
  spec?: { nodeName?: string; [field: string]: unknown }
}

/** A selector, and what it means, said a second time: nothing of the library decides what is right here. */
interface Selection {
  readonly text: string | undefined
  readonly holds: (object: Thing) => boolean
}

const EVERYTHING: Selection = { text: undefined, holds: () => true }

const LABELS: readonly Selection[] = [
  EVERYTHING,
  EVERYTHING,
  { text: 'app=x', holds: (object) => appOf(object) === 'x' },
  { text: 'app!=x', holds: (object) => appOf(object) !== 'x' },
  { text: 'app in (x,y)', holds: (object) => ['x', 'y'].includes(appOf(object) ?? '') },
  { text: 'tier', holds: ({ metadata }) => metadata.labels?.['tier'] !== undefined },
]

const FIELDS: readonly Selection[] = [
  EVERYTHING,
  EVERYTHING,
  { text: 'metadata.name!=a', holds: ({ metadata }) => metadata.name !== 'a' },
  { text: 'spec.nodeName=n1', holds: ({ spec }) => spec?.nodeName === 'n1' },
]

/** A scope as an informer takes it, and as a test of objects. */
export interface ScopeChoice {
  readonly scope: InformerScope
  /** Whether its selectors let an object through; its namespace is looked at elsewhere. */
  readonly selects: (object: Thing) => boolean
}

export function drawScope(random: Random, { hasNodes }: { readonly hasNodes: boolean }): ScopeChoice {
  const labels = random.pick(LABELS)
  const fields = random.pick(hasNodes ? FIELDS : FIELDS.slice(0, 3))
  const namespaces = random.chance(0.4) ? undefined : NAMESPACES.filter(() => random.chance(0.6))
  return {
    scope: {
      ...(namespaces !== undefined && { namespaces }),
      ...(labels.text !== undefined && { labelSelector: labels.text }),
      ...(fields.text !== undefined && { fieldSelector: fields.text }),
    },
    selects: (object) => labels.holds(object) && fields.holds(object),
  }
}

export function appOf({ metadata }: DeepReadonly<KubernetesObject>): string | undefined {
  return metadata.labels?.['app']
}
