import { describe, expect, test } from 'vitest'
import { barChart } from './bar-chart.ts'
import { digits, spread, times } from './figures.ts'
import { table } from './table.ts'

describe('a table', () => {
  test('has columns of one width, with figures to the right', () => {
    const rows = [
      ['kubeflume', '0.36 s', 'yes'],
      ['go', '1.02 s', 'no'],
    ]
    expect(table(['who', 'synced after', 'met'], rows)).toBe(
      [
        '| who       | synced after | met |',
        '| --------- | -----------: | --- |',
        '| kubeflume |       0.36 s | yes |',
        '| go        |       1.02 s | no  |',
      ].join('\n'),
    )
  })
})

describe('a figure', () => {
  test('has the three digits that count', () => {
    expect([0.0123, 0.123, 1.234, 12.34, 123.4, 12_345].map(digits)).toEqual([
      '0.012',
      '0.12',
      '1.23',
      '12.3',
      '123',
      '12,345',
    ])
  })

  test('says from where to where its rounds lay, if there were several', () => {
    expect(spread([1, 3, 2], times)).toBe('2.00 x (1.00 x – 3.00 x)')
    expect(spread([2], times)).toBe('2.00 x')
    expect(spread([], times)).toBe('')
  })
})

describe('a bar chart', () => {
  test('draws bars as long as their values, and escapes what it is given', () => {
    const bars = [
      { label: 'a & b', value: 10, colour: 'own' },
      { label: 'c', value: 5, colour: 'other' },
    ] as const
    const picture = barChart({ title: 'x < y', bars, write: String })
    expect(picture).toContain('a &amp; b')
    expect(picture).toContain('aria-label="x &lt; y"')
    const widths = [...picture.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width))
    expect(widths[0]).toBeCloseTo(2 * widths[1]!)
  })
})
