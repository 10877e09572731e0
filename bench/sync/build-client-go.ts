import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../corpora/corpus-file.ts'
import type { BuiltPeer } from './peers.ts'
import { hasProgram } from './has-program.ts'

const SOURCE = fileURLToPath(new URL('../peers/client-go/', import.meta.url))

/** Go keeps what it has built, so that this is fast but for the first time. Undefined where there is no Go. */
export function buildClientGo(): BuiltPeer | undefined {
  if (!hasProgram('go', 'version')) return undefined
  mkdirSync(cacheFolder(), { recursive: true })
  const file = join(cacheFolder(), 'client-go')
  const unfinished = `${file}-${process.pid}`
  go(['build', '-trimpath', '-buildvcs=false', '-mod=readonly', `-o=${unfinished}`, '.'])
  renameSync(unfinished, file)
  const clientGo = go(['list', '-m', '-f', '{{.Version}}', 'k8s.io/client-go'])
  return { command: [file], versions: { go: go(['env', 'GOVERSION']), 'client-go': clientGo } }
}

/** cgo would make the build depend on a C compiler, and is not needed. */
function go(args: readonly string[]): string {
  const env = { ...process.env, CGO_ENABLED: '0' }
  return execFileSync('go', args, { cwd: SOURCE, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}
