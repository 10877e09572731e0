import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../corpora/corpus-file.ts'
import { hasProgram } from './has-program.ts'
import type { BuiltPeer } from './peers.ts'

const SOURCE = fileURLToPath(new URL('../peers/kube-rs/', import.meta.url))

/** Cargo keeps what it has built; the first time takes minutes. Undefined where there is no Rust. */
export function buildKubeRs(): BuiltPeer | undefined {
  if (!hasProgram('cargo', '--version')) return undefined
  const target = join(cacheFolder(), 'kube-rs')
  const env = { ...process.env, CARGO_TARGET_DIR: target }
  execFileSync('cargo', ['build', '--release', '--locked', '--quiet'], { cwd: SOURCE, env, stdio: ['ignore', 2, 2] })
  const rust = execFileSync('cargo', ['--version'], { encoding: 'utf8' }).split(' ')[1]!
  const lock = readFileSync(join(SOURCE, 'Cargo.lock'), 'utf8')
  const [, version] = /name = "kube"\nversion = "(.*)"/.exec(lock)!
  return { command: [join(target, 'release/kubeflume-bench-kube-rs')], versions: { rust, 'kube-rs': version! } }
}
