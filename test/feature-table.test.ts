import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

interface Row {
  readonly feature: string
  /** Our own answer, and the tests named behind it. */
  readonly answer: string
  readonly tests: readonly { readonly file: string; readonly title: string }[]
  readonly peers: readonly string[]
  readonly source: string
}

/** The cells of each row of its tables, without the heads, whose first cell is empty. */
function cellsOf(page: string): string[][] {
  const rows = page.split('\n').filter((line) => /^\| (?!-)\S/.test(line))
  return rows.map((row) => row.slice(1, -1).split('|')).map((cells) => cells.map((cell) => cell.trim()))
}

function rowsOf(page: string): Row[] {
  return cellsOf(page).map(([feature, ours, ...rest]) => {
    const [answer, ...named] = ours!.split('<br>')
    const tests = named.map((text) => {
      const [, file, title] = /^`([^`]+)`: (.+)$/.exec(text) ?? []
      return { file: file ?? '', title: title ?? text }
    })
    return { feature: feature!, answer: answer!, tests, peers: rest.slice(0, -1), source: rest.at(-1)! }
  })
}

/** A test of types has no titles: there a comment says it. */
function isThere({ file, title }: { readonly file: string; readonly title: string }): boolean {
  const text = read(file)
  if (file.endsWith('.test-d.ts')) return text.includes(`── ${title} ──`)
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`))
}

describe('docs/features.md', () => {
  const rows = rowsOf(read('docs/features.md'))

  test('compares with five others in more than 50 features, some of which kubeflume has not', () => {
    expect(rows.length).toBeGreaterThan(50)
    expect(rows.filter(({ answer }) => answer.startsWith('no')).length).toBeGreaterThan(3)
  })

  test.each(rows)('has a test behind each yes of its own: $feature', ({ answer, tests }) => {
    expect(answer).toMatch(/^(yes|no)\b/)
    expect(tests.length > 0).toBe(answer.startsWith('yes'))
    expect(tests.filter((named) => !isThere(named))).toEqual([])
  })

  test.each(rows)('says of each other one what it does, and where that is seen: $feature', ({ peers, source }) => {
    expect(peers).toHaveLength(5)
    for (const answer of peers) expect(answer).toMatch(/^(yes|no|partly: \S.*|(yes|no): \S.*|–)$/)
    expect(source).not.toBe('')
  })
})

describe('the short table of the README', () => {
  const [, short = ''] = /<!-- features -->([\s\S]+?)<!-- \/features -->/.exec(read('README.md')) ?? []
  const long = new Map(rowsOf(read('docs/features.md')).map((row) => [row.feature, row]))
  const links = new Map(
    [...short.matchAll(/^\[(\w+)\]: (\S+) ['"](.+)['"]$/gm)].map(([, id, file, title]) => [
      id!,
      { file: file!, title: title! },
    ]),
  )
  const rows = cellsOf(short)

  test('is an extract of docs/features.md', () => {
    expect(rows.length).toBeGreaterThan(9)
    for (const [feature, ours, ...peers] of rows) {
      const { answer, peers: others } = long.get(feature!)!
      expect([ours!.replace(/^\[yes\]\[\w+\]$/, 'yes'), ...peers], feature).toEqual([answer, ...others].map(wordOf))
    }
  })

  test('has a test behind each yes', () => {
    const named = rows.map(([, ours]) => /^\[yes\]\[(\w+)\]$/.exec(ours!)?.[1]).filter((id) => id !== undefined)
    expect(named).toEqual([...links.keys()])
    expect([...links.values()].filter((link) => !isThere(link))).toEqual([])
  })
})

function wordOf(answer: string): string {
  return /^\w+|–/.exec(answer)![0]
}
