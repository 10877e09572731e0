import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** A table's cell with `file`: title, several of them with breaks between. */
function testsIn(cell: string): { readonly file: string; readonly title: string }[] {
  return [...cell.matchAll(/`(src\/[^`]+\.test\.ts)`: (.*?)(?=<br>|$)/g)].map(([, file, title]) => ({
    file: file!,
    title: title!.trim(),
  }))
}

function rowsOf(page: string): { readonly number: number; readonly tests: string; readonly why: string }[] {
  const rows = read(page).matchAll(/^\| (\d+) +\|[^|]+\|([^|]+)\|(.+)\|$/gm)
  return [...rows].map(([, number, why, tests]) => ({ number: Number(number), why: why!.trim(), tests: tests!.trim() }))
}

describe('docs/designs/informer-cases.md', () => {
  const rows = rowsOf('docs/designs/informer-cases.md')

  test('has each of the 71 cases once', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 71 }, (_, index) => index + 1))
  })

  test.each(rows)('case $number names tests that are there, or says why there is none', ({ tests, why }) => {
    const named = testsIn(tests)
    if (named.length === 0) expect([tests, why]).toEqual(['–', expect.stringMatching(/\w+ .*\w+/)])
    for (const { file, title } of named) expect(read(file)).toContain(`'${title}'`)
  })
})

describe('docs/relist.md', () => {
  test('names tests that are there', () => {
    const named = read('docs/relist.md')
      .split('\n')
      .flatMap((line) => testsIn(line.replace(/ +\|$/, '')))
    expect(named.length).toBeGreaterThan(20)
    for (const { file, title } of named) expect(read(file), `${file}: ${title}`).toContain(`'${title}'`)
  })
})
