/**
 * Holds the packed tarball, which is what users get, against publint and attw, then installs it in an
 * empty project and imports every entry point from there.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'kubeflume-package-'))
const run = (command: string, args: readonly string[], cwd = root): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch])) as [
    { filename: string; files: readonly { path: string }[]; unpackedSize: number },
  ]
  const tarball = join(scratch, packed.filename)
  const strangers = packed.files.map(({ path }) => path).filter((path) => /\.test|test-support|^src\//.test(path))
  if (strangers.length > 0) throw new Error(`the tarball holds ${strangers.join(', ')}`)
  console.log(`${packed.files.length} files, ${Math.round(packed.unpackedSize / 1024)} kB unpacked`)
  console.log(run('publint', ['--strict', tarball]).trim())
  console.log(run('attw', [tarball, '--profile', 'esm-only', '--format', 'table-flipped']).trim())
  importEveryEntry(tarball)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function importEveryEntry(tarball: string): void {
  const { exports, devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    exports: Record<string, unknown>
    devDependencies: Record<string, string>
  }
  const project = mkdtempSync(join(scratch, 'user-'))
  writeFileSync(join(project, 'package.json'), '{"type":"module","private":true}')
  const peers = ['@kubernetes/client-node', 'prom-client'].map((name) => `${name}@${devDependencies[name]}`)
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--silent', tarball, ...peers], project)
  const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'))
  const names = entries.map((entry) => `kubeflume${entry.slice(1)}`)
  const script = `for (const name of ${JSON.stringify(names)}) console.log(name, Object.keys(await import(name)).length, 'exports')`
  console.log(run(process.execPath, ['--input-type=module', '--eval', script], project).trim())
  console.log('npx kubeflume --version:', run('npx', ['--no', '--', 'kubeflume', '--version'], project).trim())
}
