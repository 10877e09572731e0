import { expect, test } from 'vitest'
import { customPrinter } from './custom-printer.ts'

const now = Date.UTC(2026, 0, 2)
const metadata = { name: 'w', creationTimestamp: '2026-01-01T00:00:00Z' }

test('a custom resource without columns has a name and an age', () => {
  const printer = customPrinter(undefined)
  expect(printer.columns.map(({ name, type }) => [name, type])).toEqual([
    ['Name', 'string'],
    ['Age', 'date'],
  ])
  expect(printer.print({ metadata }, now).cells).toEqual(['w', '24h'])
})

test.each([
  ['integer', '.spec.size', 3],
  ['integer', '.spec.name', null],
  ['number', '.spec.ratio', 0.5],
  ['boolean', '.spec.on', true],
  ['string', '.spec.name', 'x'],
  ['string', '.spec.size', '3'],
  ['string', '.spec.none', null],
  ['string', '.spec.tags', '["a","b"]'],
  ['string', '.spec.tags[1]', 'b'],
  ['string', '.spec.tags[*]', 'a'],
  ['string', '.status.conditions[?(@.type=="Ready")].status', 'True'],
  ['string', '.metadata.labels.a\\.b', 'c'],
  ['string', ".spec['name']", 'x'],
  ['string', '..name', null],
  ['date', '.metadata.creationTimestamp', '24h'],
])('a column of type %s at %s shows %j', (type, jsonPath, cell) => {
  const definition = { name: 'v1', served: true, additionalPrinterColumns: [{ name: 'C', type, jsonPath }] }
  const object = {
    metadata: { ...metadata, labels: { 'a.b': 'c' } },
    spec: { size: 3, ratio: 0.5, on: true, name: 'x', tags: ['a', 'b'] },
    status: { conditions: [{ type: 'Other' }, { type: 'Ready', status: 'True' }] },
  }
  expect(customPrinter(definition).print(object, now).cells).toEqual(['w', cell])
})
