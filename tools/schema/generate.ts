/**
 * Writes everything that is generated from Kubernetes' Go types, the list of differences to 1.33 and the
 * fixture of the decoder's test.
 *
 *     node tools/schema/generate.ts            writes
 *     node tools/schema/generate.ts --check    fails when that would change anything
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { describeDifferences } from './differences.ts'

const here = import.meta.dirname
const root = dirname(dirname(here))
const OUTPUTS = [
  'src/api/generated',
  'src/decode/protobuf/generated',
  'src/decode/protobuf/testdata',
  'tools/schema/differences-1.33.md',
]

const target = mkdtempSync(join(tmpdir(), 'kubeflume-schema-'))
try {
  generate(target)
  if (process.argv.includes('--check')) check(target)
  else for (const output of OUTPUTS) replace(join(target, output), join(root, output))
} finally {
  rmSync(target, { recursive: true })
}

function generate(into: string): void {
  process.stdout.write(go('run', '.', '-root', into))
  const fixture = join(into, 'src/decode/protobuf/testdata/pairs.bin')
  mkdirSync(dirname(fixture), { recursive: true })
  process.stdout.write(go('run', './fill', '-sample', '-out', fixture))
  describeDifferences(
    go('run', '-modfile=go.1.33.mod', '.', '-lines'),
    go('run', '.', '-lines'),
    join(into, OUTPUTS[3] as string),
  )
}

function go(...args: string[]): string {
  return execFileSync('go', args, {
    cwd: here,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, GOFLAGS: '-mod=mod' },
  })
}

function replace(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true })
}

function check(generated: string): void {
  const expected = filesOf(generated)
  const committed = new Map(OUTPUTS.map((output) => filesOf(root, output)).flatMap((files) => Array.from(files)))
  const names = new Set([...expected.keys(), ...committed.keys()])
  const changed = [...names].filter((name) => !expected.get(name)?.equals(committed.get(name) ?? Buffer.of(0)))
  for (const name of changed) console.error(`differs: ${name}`)
  console.log(`${names.size} generated files, ${changed.length} differ`)
  if (changed.length > 0) process.exitCode = 1
}

/** Contents by the path from `base`. */
function filesOf(base: string, under = ''): Map<string, Buffer> {
  const start = join(base, under)
  if (under.endsWith('.md')) return new Map([[under, readFileSync(start)]])
  const entries = readdirSync(start, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name))
  return new Map(paths.map((path) => [relative(base, path), readFileSync(path)]))
}
