import type { ContractCase } from '../contract-case.ts'
import { defineKind, makePast, pod, pods, widget, widgets } from '../objects.ts'

const LABELS: readonly string[] = [
  'color=red',
  'color==red',
  'color!=red',
  'color',
  '!color',
  'color in (red, green)',
  'color in (red)',
  'color notin (red,blue)',
  'color=red,letter=a',
  'color in (red,blue),letter!=a',
  ' color = red ',
  'color=',
  'color,!letter',
  'color in (,red)',
]

const INVALID: readonly string[] = [
  'color in',
  'color in (',
  'color in ()',
  '=red',
  'color=red,',
  'color=red,,letter=a',
  'color red',
  'color=-red-',
  'a/b/c=d',
  'color>red',
  'color>5',
  '!',
]

const FIELDS: readonly string[] = [
  'metadata.name=a',
  'metadata.name==a',
  'metadata.name!=a',
  'metadata.name!=a,metadata.name!=b',
  'metadata.name=',
  'metadata.name=nobody',
  'data.value=one',
  'metadata.labels.color=red',
  'metadata.name',
  'metadata.name in (a)',
  '',
]

function selectionOf(parameter: string, selectors: readonly string[], what: string): ContractCase[] {
  return selectors.map((selector) => ({
    name: `a LIST by the ${what} "${selector}"`,
    run: async (api) => {
      const { path } = await makePast(api)
      await api.get(path, { [parameter]: selector })
    },
  }))
}

const ofKinds: readonly ContractCase[] = [
  {
    name: 'a LIST of pods by their own fields',
    run: async (api) => {
      await api.makeNamespace()
      const path = pods(api.namespace)
      await api.setUp('POST', path, pod('on-a', { nodeName: 'node-a' }))
      await api.setUp('POST', path, pod('on-b', { nodeName: 'node-b' }))
      await api.setUp('POST', path, pod('nowhere'))
      const selectors = [
        'spec.nodeName=node-a',
        'spec.nodeName=',
        'spec.nodeName!=node-a',
        'spec.schedulerName=none,spec.nodeName=node-b',
      ]
      for (const fieldSelector of selectors) {
        await api.get(path, { fieldSelector })
        api.keep(({ items }) => items.map(({ metadata }) => metadata.name))
      }
      await api.get(path, { fieldSelector: 'spec.color=red' })
    },
  },
  {
    name: 'a LIST of secrets by type',
    run: async (api) => {
      await api.makeNamespace()
      const path = `/api/v1/namespaces/${api.namespace}/secrets`
      await api.setUp('POST', path, { metadata: { name: 'a' }, type: 'Opaque' })
      await api.setUp('POST', path, { metadata: { name: 'b' }, type: 'example.com/other' })
      await api.get(path, { fieldSelector: 'type=example.com/other' })
    },
  },
  {
    name: 'a LIST of custom resources by a field that is not selectable',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a'))
      await api.get(widgets(kind, api.namespace), { fieldSelector: 'spec.size=1' })
      await api.get(widgets(kind, api.namespace), { fieldSelector: 'metadata.name=a' })
    },
  },
  {
    name: 'a LIST of custom resources by a selectable field',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api, {
        version: {
          selectableFields: [{ jsonPath: '.spec.color' }],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { color: { type: 'string' } } } },
            },
          },
        },
      })
      const path = widgets(kind, api.namespace)
      await api.setUp('POST', path, widget(kind, 'a', { color: 'red' }))
      await api.setUp('POST', path, widget(kind, 'b', { color: 'blue' }))
      await api.get(path, { fieldSelector: 'spec.color=red' })
      await api.get(path, { fieldSelector: 'spec.color!=red' })
    },
  },
]

export const selectorCases: readonly ContractCase[] = [
  ...selectionOf('labelSelector', LABELS, 'labels'),
  ...selectionOf('labelSelector', INVALID, 'broken labels'),
  ...selectionOf('fieldSelector', FIELDS, 'fields'),
  ...ofKinds,
]
