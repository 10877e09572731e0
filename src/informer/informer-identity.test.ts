import { describe, expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import type { Pod } from '../api/generated/index.ts'
import { customResource, metadataOnly } from '../api/resource.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { InformerIdentities } from './informer-identity.ts'
import type { InformerOptions } from './informer.ts'
import { resolveOptions } from './options.ts'

const { pods, nodes } = resources.core.v1
type Options = InformerOptions<Pod, string>

const identities = new InformerIdentities()
const identityOf = (options: Options, resource = pods): string => identities.of(resolveOptions(resource, options))
const keepsAll = (): boolean => true
const keepsItself = (pod: Pod): Pod => pod

describe('two informers are the same', () => {
  const same: readonly [what: string, a: Options, b: Options][] = [
    ['without options', {}, {}],
    ['with namespaces in another order, or twice', { namespaces: ['a', 'b'] }, { namespaces: ['b', 'a', 'b'] }],
    ['with terms in another order', { labelSelector: 'app=web,!old' }, { labelSelector: ' !old , app = web' }],
    ['with values in another order', { labelSelector: 'tier in (a, b)' }, { labelSelector: 'tier in (b,a,a)' }],
    [
      'with a selector as text or as an object',
      { labelSelector: 'app=web' },
      { labelSelector: { matchLabels: { app: 'web' } } },
    ],
    ['with a condition said in another way', { labelSelector: 'a!=b,c==d' }, { labelSelector: 'c in (d),a notin (b)' }],
    ['with a selector that selects everything', { labelSelector: '', fieldSelector: '' }, {}],
    [
      'with fields in another order',
      { fieldSelector: 'spec.nodeName=a,status.phase!=Failed' },
      { fieldSelector: 'status.phase!=Failed,spec.nodeName==a' },
    ],
    [
      'with paths in another order',
      { omit: ['spec.volumes', 'status'] },
      { omit: [['status'], 'spec.volumes', 'status'] },
    ],
    ['with arrays said, or not', { omit: ['spec.containers[*].env'] }, { omit: ['spec.containers.env'] }],
    ['with a path inside another one', { omit: ['spec'] }, { omit: ['spec.volumes', 'spec'] }],
    [
      'with defaults that are said',
      {
        sync: 'auto',
        freshness: 'latest',
        encoding: 'auto',
        keepManagedFields: false,
        retain: 'wire',
        maxItemBytes: 16 * 1024 * 1024,
      },
      {},
    ],
    ['with managedFields omitted by name', { keepManagedFields: true, omit: ['metadata.managedFields'] }, {}],
    [
      'with the same functions',
      { filter: keepsAll, transform: keepsItself },
      { filter: keepsAll, transform: keepsItself },
    ],
    [
      'with objects kept for a transform',
      { transform: keepsItself, retain: 'wire' },
      { transform: keepsItself, retain: 'objects' },
    ],
    [
      'with other indexes, observers and listeners',
      { indexes: { node: 'spec.nodeName' }, observer: {}, onError: () => {} },
      {},
    ],
  ]

  test.each(same)('%s', (_what, a, b) => {
    expect(identityOf(a)).toBe(identityOf(b))
  })
})

describe('two informers differ', () => {
  const different: readonly [what: string, a: Options, b?: Options][] = [
    ['in their namespaces', { namespaces: ['a'] }, { namespaces: ['a', 'b'] }],
    ['where one follows all namespaces', { namespaces: ['a'] }],
    ['where one follows none', { namespaces: [] }],
    ['in a label', { labelSelector: 'app=web' }, { labelSelector: 'app=db' }],
    ['in a field', { fieldSelector: 'spec.nodeName=a' }, { fieldSelector: 'spec.nodeName!=a' }],
    ['in labels that are fields of the other', { labelSelector: 'app=web' }, { fieldSelector: 'app=web' }],
    ['in what they omit', { omit: ['spec'] }],
    ['in their managedFields', { keepManagedFields: true }],
    ['in how they list', { sync: 'paged' }],
    ['in how new the first list is', { freshness: 'any' }],
    ['in their encoding', { encoding: 'json' }],
    ['in how they keep objects', { retain: 'compressed' }],
    ['in how large an object may be', { maxItemBytes: 1000 }],
    ['in their filter', { filter: () => true }, { filter: () => true }],
    ['in their transform', { transform: (pod) => pod }],
    ['in their clock', { clock: new ManualClock() }],
  ]

  test.each(different)('%s', (_what, a, b = {}) => {
    expect(identityOf(a)).not.toBe(identityOf(b))
  })

  test('in their resource, its kind and its version', () => {
    const kind = { group: 'example.com', version: 'v1', plural: 'pods', kind: 'Pod' }
    const all = [pods, nodes, metadataOnly(pods), customResource(kind), customResource({ ...kind, version: 'v2' })]
    const seen = all.map((resource) => identityOf({}, resource as typeof pods))
    expect(new Set(seen).size).toBe(all.length)
  })
})
