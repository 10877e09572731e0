import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

function codesIn(text: string): string[] {
  return [...new Set(text.match(/\bERR_[A-Z_]+[A-Z]\b/g))].toSorted()
}

describe('docs/errors.md', () => {
  test('explains each code of the union, and no other', () => {
    const union = read('src/api/errors.ts').split('export interface')[0]!
    const explained = [...read('docs/errors.md').matchAll(/^\| `(ERR_[A-Z_]+)` +\|/gm)].map(([, code]) => code)
    expect(explained.toSorted()).toEqual(codesIn(union))
  })

  test('speaks of no code that nothing throws', () => {
    const sources = readdirSync(new URL('../src', import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ts$/.test(file) && !/\.test|test-support|generated/.test(file) && file !== 'api/errors.ts')
      .map((file) => read(`src/${file}`))
      .join('\n')
    const mapped = read('src/api/errors.ts').split('const CODES')[1]!
    const thrown = new Set([...codesIn(sources), ...codesIn(mapped)])
    expect(codesIn(read('docs/errors.md')).filter((code) => !thrown.has(code))).toEqual([])
  })
})

describe('the README', () => {
  test('links only to files that are there', () => {
    for (const page of [
      'README.md',
      'ARCHITECTURE.md',
      'CONTRIBUTING.md',
      ...pagesIn('docs'),
      ...pagesIn('docs/designs'),
    ]) {
      for (const [, link] of read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        const path = new URL(link!, new URL(page, new URL('../', import.meta.url)))
        expect(() => readdirOrFile(path), `${page} links to ${link}`).not.toThrow()
      }
    }
  })
})

function pagesIn(folder: string): string[] {
  return readdirSync(new URL(`../${folder}`, import.meta.url))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`)
}

function readdirOrFile(path: URL): unknown {
  try {
    return readFileSync(path)
  } catch {
    return readdirSync(path)
  }
}
