// Writes what was measured into the documents: the tables between markers, and the plots.
//
//     node bench/render.ts [--check]
//
// Nothing there is typed: it comes from bench/results. With --check nothing is written, and it fails when a document is
// not what the results say.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { blocks } from './render/blocks.ts'
import { fillMarked } from './render/marked.ts'
import { plots } from './render/plots.ts'
import { readResults } from './render/results.ts'

const ROOT = new URL('..', import.meta.url)
const DOCUMENTS = ['README.md', 'docs/performance.md'] as const
const PLOTS = 'docs/plots/'

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const results = readResults()
const stale: string[] = []
mkdirSync(new URL(PLOTS, ROOT), { recursive: true })
for (const name of DOCUMENTS) update(name, fillMarked(readFileSync(new URL(name, ROOT), 'utf8'), blocks(results)))
for (const [name, picture] of Object.entries(plots(results))) update(PLOTS + name, picture)
if (options.check && stale.length > 0) {
  console.error(`not what bench/results says: ${stale.join(', ')}. Run: node bench/render.ts`)
  process.exit(1)
}

function update(name: string, wanted: string): void {
  const file = fileURLToPath(new URL(name, ROOT))
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return
  stale.push(name)
  if (!options.check) writeFileSync(file, wanted)
}
