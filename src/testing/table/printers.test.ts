import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ServedResource } from '../catalog/registry.ts'
import type { AnyObject } from '../encoding/encoding.ts'
import { printerOf } from './printers.ts'

interface Golden {
  readonly object: AnyObject & { readonly apiVersion: string; readonly kind: string }
  readonly names: readonly string[]
  readonly cells: readonly unknown[]
  readonly conditions?: readonly unknown[]
}

/** Objects, and their rows as the printers of kubernetes 1.36.3 have made them. */
const lines = readFileSync(new URL('testdata/rows.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
const golden = lines.map((line) => JSON.parse(line) as Golden)

function served({ apiVersion, kind }: Golden['object']): ServedResource {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
  return { resource: { group, kind }, isBuiltIn: true } as unknown as ServedResource
}

/** The rows were made at some moment: how old a thing was then is of no interest. */
function withoutAges(cells: readonly unknown[]): unknown[] {
  return cells.map((cell) =>
    typeof cell === 'string'
      ? cell.replace(/^\d+[smhdy](\d+[smhd])?$/, 'AGE').replace(/\(.* ago\)/, '(AGE ago)')
      : cell,
  )
}

describe('a row of a table', () => {
  test.each(golden.map((each) => ({ ...each, title: `${each.object.kind} ${each.object.metadata.name}` })))(
    'is the one that kube-apiserver prints: $title',
    ({ object, names, cells, conditions }) => {
      const printer = printerOf(served(object))
      const row = printer.print(object, Date.UTC(2026, 10, 22))
      expect(printer.columns.map(({ name }) => name)).toEqual(names)
      expect(withoutAges(row.cells)).toEqual(withoutAges(cells))
      expect(row.conditions).toEqual(conditions)
    },
  )

  test('is name and date for a kind without columns of its own', () => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r' } }
    const printer = printerOf(served(role))
    expect(printer.columns.map(({ name }) => name)).toEqual(['Name', 'Created At'])
    expect(printer.print(role, 0).cells).toEqual(['r', '0001-01-01T00:00:00Z'])
  })
})
