import { describe, expect, test } from 'vitest'
import { definitionsIn } from './definition.ts'

const SPEC = 'spec: { group: example.com, scope: Cluster, names: { plural: widgets, kind: Widget }, versions: [] }'
const HEAD = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition'
const refusal = (message: string | RegExp): unknown =>
  expect.objectContaining({
    code: 'ERR_DEFINITION',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })

describe('the definitions of a text', () => {
  test('are those of all its documents, and of the lists in them; other objects are left out', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${`${HEAD}\n${SPEC}`.replaceAll('\n', '\n  ')}`
    const text = [`${HEAD}\n${SPEC}`, '# nothing', 'kind: Pod', list, 'just text'].join('\n---\n')
    expect(definitionsIn(text, 'a.yaml').map(({ kind, namespaced }) => [kind, namespaced])).toEqual([
      ['Widget', false],
      ['Widget', false],
    ])
  })

  test('may be JSON', () => {
    const spec = { group: 'a.b', scope: 'Namespaced', names: { plural: 'cs', kind: 'C' }, versions: [] }
    const text = JSON.stringify({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', spec })
    expect(definitionsIn(text, '-')).toMatchObject([{ group: 'a.b', plural: 'cs', kind: 'C', namespaced: true }])
  })

  test.each<[string, string, string | RegExp]>([
    ['no YAML', 'a: b\nc: [1\nd: e', /^crd\.yaml:3: /],
    ['a template', 'kind: Pod\nmetadata:\n  {{- if .Values.x }}\n  name: x', /^crd\.yaml:3: /],
    ['nothing', '', 'crd.yaml:1: there is no CustomResourceDefinition'],
    ['another object', 'kind: Pod', 'crd.yaml:1: there is no CustomResourceDefinition'],
    ['an old definition', HEAD.replace('/v1', '/v1beta1'), 'crd.yaml:1: only apiextensions.k8s.io/v1 is known'],
    ['no spec', HEAD, 'crd.yaml:1: spec.versions is no list'],
    ['no kind', `${HEAD}\n${SPEC.replace(', kind: Widget', '')}`, 'crd.yaml:3: spec.names.kind is missing'],
    ['no name', `${HEAD}\n${SPEC.replace('Widget', '{}')}`, 'crd.yaml:3: spec.names.kind is no name'],
    [
      'code for a name',
      `${HEAD}\n${SPEC.replace('Widget', '"A extends B"')}`,
      'crd.yaml:3: spec.names.kind is no name',
    ],
    [
      'a later document',
      `kind: Pod\n---\n${HEAD}\n${SPEC.replace('example.com', "''")}`,
      'crd.yaml:5: spec.group is no name',
    ],
    ['a digit before a name', `${HEAD}\n${SPEC.replace('Widget', '3scale')}`, 'crd.yaml:3: spec.names.kind is no name'],
    ['aliases without end', bomb(), /^crd\.yaml:1: /],
    ['a list in itself', '&a { kind: List, items: [*a, *a] }', 'crd.yaml:1: the lists are nested too deeply'],
    ['brackets without end', '['.repeat(20_000), /^crd\.yaml:1: /],
  ])('are refused with file and line: %s', (_, text, message) => {
    expect(() => definitionsIn(text, 'crd.yaml')).toThrow(refusal(message) as Error)
  })
})

/** Each line has ten times the line before it. */
function bomb(): string {
  const lines = Array.from(
    { length: 12 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`,
  )
  return ['a0: &a0 x', ...lines].join('\n')
}
