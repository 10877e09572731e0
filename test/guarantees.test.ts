import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

/** The paragraphs in bold, each with the tests that are listed below it. */
function guaranteesIn(page: string): { readonly guarantee: string; readonly tests: readonly (readonly string[])[] }[] {
  return page
    .split(/^(?=\*\*)/m)
    .slice(1)
    .map((text) => ({
      guarantee: /^\*\*([\s\S]+?)\*\*/.exec(text)![1]!.replace(/\s+/g, ' '),
      tests: [...text.matchAll(/^- `([^`]+\.test\.ts)`: (.+)$/gm)].map(([, file, title]) => [file!, title!]),
    }))
}

describe('docs/guarantees.md', () => {
  const guarantees = guaranteesIn(read('docs/guarantees.md'))

  test('has them all', () => {
    expect(guarantees.length).toBeGreaterThan(15)
  })

  test.each(guarantees)('names tests that are there: $guarantee', ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0)
    for (const [file, title] of tests) expect(read(file!), `${file}: ${title}`).toContain(`'${title}'`)
  })
})
