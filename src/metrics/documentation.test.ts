import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { INSTRUMENTS } from './instruments.ts'

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number }
  readonly datasource?: { readonly uid: string }
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[]
}

const read = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8')
const readSource = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const byName = new Map(INSTRUMENTS.map((instrument) => [instrument.name, instrument]))

/** Metrics in an expression, with the labels that it names of them. */
function metricsIn(expression: string): { name: string; labels: string[] }[] {
  const found = expression.matchAll(/\b([a-z]+(?:_[a-z]+)+)\b(?:\{([^}]*)\})?/g)
  return Array.from(found, ([, name, selector = '']) => ({
    name: name!.replace(/_(bucket|sum|count)$/, ''),
    labels: Array.from(selector.matchAll(/([a-z]+)=~?"/g), ([, label]) => label!),
  })).filter(({ name }) => !['histogram_quantile', 'label_values'].includes(name))
}

describe('docs/metrics.md', () => {
  test('has each instrument, with its kind, labels and meaning, and no other', () => {
    const rows = read('metrics.md').matchAll(/^\| `([a-z_]+)` +\| (counter|gauge|histogram) +\| (.*?) +\| (.*?) +\|$/gm)
    const documented = Array.from(rows, ([, name, kind, labels, help]) => [name, kind, labels, help])
    const registered = INSTRUMENTS.map(({ name, kind, labels, help }) => {
      return [name, kind, labels.map((label) => `\`${label}\``).join(', '), help]
    })
    expect(documented).toEqual(registered)
  })

  test('explains each reason of a list, and no other', () => {
    const [, union = ''] = /export type ListReason =\n([^/]*?)\n\n/.exec(readSource('api/observer.ts')) ?? []
    const reasons = Array.from(union.matchAll(/'([^']+)'/g), ([, reason]) => reason!)
    const [, section = ''] = read('metrics.md').split('## Why a list is made')
    const rows = section.split('\n## ')[0]!.matchAll(/^\| ([a-z][a-z -]+?) +\|/gm)
    const explained = Array.from(rows, ([, reason]) => reason!).filter((reason) => reason !== 'reason')
    expect(explained.toSorted()).toEqual(reasons.toSorted())
    expect(reasons.length).toBeGreaterThan(10)
  })

  test('speaks of alerts on metrics that there are', () => {
    const rows = read('metrics.md').matchAll(/^\| `([^`]*\(.*)`/gm)
    const names = Array.from(rows, ([, expression]) => metricsIn(expression!)).flat()
    expect(names.length).toBeGreaterThan(5)
    expect(names.filter(({ name }) => !byName.has(name))).toEqual([])
  })
})

describe('docs/grafana/kubeflume.json', () => {
  const dashboard = JSON.parse(read('grafana/kubeflume.json')) as {
    readonly panels: readonly Panel[]
    readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] }
  }
  const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))

  test('asks for metrics that are registered, by labels that they have', () => {
    const asked = [...expressions, ...dashboard.templating.list.map(({ definition = '' }) => definition)].flatMap(
      metricsIn,
    )
    expect(asked.length).toBeGreaterThan(30)
    for (const { name, labels } of asked) {
      expect(byName.has(name), name).toBe(true)
      expect([...(byName.get(name)?.labels ?? []), 'job', 'instance']).toEqual(expect.arrayContaining(labels))
    }
  })

  test('groups and labels by what its metrics have', () => {
    for (const { targets = [], title } of dashboard.panels)
      for (const { expr, legendFormat } of targets) {
        const grouped = Array.from(expr.matchAll(/by \(([^)]*)\)/g), ([, labels]) => labels!.split(', ')).flat()
        const shown = Array.from(legendFormat.matchAll(/\{\{(\w+)\}\}/g), ([, label]) => label!)
        expect(grouped, title).toEqual(expect.arrayContaining(shown))
        const has = metricsIn(expr).map(({ name }) => [...(byName.get(name)?.labels ?? []), 'le', 'instance'])
        for (const labels of has) expect(labels, title).toEqual(expect.arrayContaining(grouped))
      }
  })

  test('has panels of their own id and place, each on the data source that is chosen', () => {
    const { panels } = dashboard
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const charts = panels.filter(({ type }) => type !== 'row')
    expect(new Set(charts.map(({ datasource }) => datasource?.uid))).toEqual(new Set(['${datasource}']))
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
  })
})

test.each([
  ['kubeflume', '../index.ts', false],
  ['kubeflume/opentelemetry', './opentelemetry.ts', false],
  ['kubeflume/prometheus', './index.ts', true],
])('%s loads prom-client: %s, %s', async (_entry, path, expected) => {
  const program = `
    import { createRequire } from 'node:module'
    await import(${JSON.stringify(new URL(path, import.meta.url).href)})
    const { cache } = createRequire(import.meta.url)
    console.log(Object.keys(cache).some((file) => file.includes('/prom-client/')))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
  expect(stdout.trim()).toBe(String(expected))
})
