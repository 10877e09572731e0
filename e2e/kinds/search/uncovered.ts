import { writeFileSync } from 'node:fs'
import { count } from '../../support/say.ts'
import type { KindResult } from './kind-search.ts'

const FILE = new URL('../uncovered.md', import.meta.url)

/** Writes the fields that no object has, by kind. */
export function writeUncovered(results: readonly KindResult[], version: string): void {
  const covered = results.reduce((sum, result) => sum + result.covered.size, 0)
  const total = results.reduce((sum, result) => sum + result.total, 0)
  const head = `# Fields that no object has

Written by \`node e2e/kinds/search.ts\` with kube-apiserver ${version}. It starts from the smallest object of each kind and
offers the server values for every field of its message, by type, by name and by the server's OpenAPI document, alone and in
other elements and objects of the kind. What follows is what the server refused, dropped or set to zero each time: most of it
contradicts a field that is there, or is written by the server or its controllers only. A message that occurs inside itself
counts as one field.

${results.length} kinds, ${count(covered)} of ${count(total)} fields covered.
`
  const sections = results
    .filter(({ uncovered }) => uncovered.length > 0)
    .map(({ resource, covered: { size }, total: all, uncovered }) => {
      const lines = [...grouped(uncovered)].map(([parent, names]) => `- \`${parent}\`: ${names.join(', ')}`)
      return `\n## ${resource}: ${size} of ${all}\n\n${lines.join('\n')}\n`
    })
  writeFileSync(FILE, head + sections.join(''))
}

/** By the path of what they are in. A field inside one that is itself missing is told by that. */
function grouped(paths: readonly string[]): Map<string, string[]> {
  const missing = new Set(paths)
  const groups = new Map<string, string[]>()
  for (const path of paths) {
    const dot = path.lastIndexOf('.')
    const parent = dot < 0 ? '' : path.slice(0, dot)
    if (missing.has(parent)) continue
    const inside = paths.filter((other) => other.startsWith(`${path}.`)).length
    const name = path.slice(dot + 1) + (inside > 0 ? ` (and ${inside} inside)` : '')
    groups.set(parent || 'the object', [...(groups.get(parent || 'the object') ?? []), name])
  }
  return groups
}
