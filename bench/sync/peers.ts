import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildClientGo } from './build-client-go.ts'
import { buildKubeRs } from './build-kube-rs.ts'
import { fluentClientVersion, installFluentClient } from './install-fluent-client.ts'
import type { PeerName } from './scenario.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

/** How a peer is started, and what it is made of. */
export interface BuiltPeer {
  readonly command: readonly string[]
  readonly versions: { readonly [name: string]: string }
}

/** A peer, the program by which those in Node read a real server, or what the gate measures with. */
type Program = PeerName | 'sync-once' | 'yardstick'

/** How each peer is started; those that cannot be built here are absent. */
export interface Peers extends Disposable {
  readonly commands: { readonly [program in Program]?: readonly string[] }
  /** Of what is compared with, and what it is built by. */
  readonly versions: { readonly [name: string]: string }
}

export interface PeersOptions {
  /** The file of another build of kubeflume than of these sources. */
  readonly module?: string | undefined
  /** Without it, kubeflume, client-go and nowhere. */
  readonly wanted?: readonly PeerName[]
}

/** Builds the programs: those in Node as JavaScript, since stripping types at run time costs memory that no user pays. */
export function buildPeers({ module, wanted = ['client-go'] }: PeersOptions): Peers {
  const folder = mkdtempSync(join(tmpdir(), 'kubeflume-bench-'))
  compile(folder)
  const program = (name: string): string[] => [
    process.execPath,
    '--expose-gc',
    join(folder, 'bench/peers', `${name}.js`),
  ]
  const others: { readonly [peer in PeerName]?: () => BuiltPeer | undefined } = {
    'client-go': buildClientGo,
    'kube-rs': buildKubeRs,
    'client-node': () => ({ command: program('client-node'), versions: clientNodeVersion() }),
    'kubernetes-fluent-client': () => fluentClient(program('kubernetes-fluent-client')),
  }
  const commands: { [name in Program]?: readonly string[] } = {
    nowhere: program('nowhere'),
    'sync-once': program('sync-once'),
    yardstick: program('yardstick'),
    kubeflume: [...program('kubeflume'), ...(module === undefined ? [] : [`--module=${resolve(module)}`])],
  }
  const versions: Record<string, string> = {}
  for (const peer of wanted) {
    const built = others[peer]?.()
    if (built === undefined) {
      if (peer in others) process.stderr.write(`bench: ${peer} cannot be built here, and is left out\n`)
      continue
    }
    commands[peer] = built.command
    Object.assign(versions, built.versions)
  }
  return { commands, versions, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

function compile(folder: string): void {
  const tsc = join(REPOSITORY, 'node_modules/.bin/tsc')
  const project = join(REPOSITORY, 'bench/peers/tsconfig.json')
  execFileSync(tsc, ['-p', project, '--outDir', folder], { stdio: ['ignore', 2, 2] })
  for (const name of ['node_modules', 'package.json']) symlinkSync(join(REPOSITORY, name), join(folder, name))
}

function clientNodeVersion(): { readonly [name: string]: string } {
  const file = join(REPOSITORY, 'node_modules/@kubernetes/client-node/package.json')
  return { 'client-node': (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version }
}

function fluentClient(command: readonly string[]): BuiltPeer | undefined {
  const folder = installFluentClient()
  if (folder === undefined) return undefined
  return {
    command: ['/usr/bin/env', `FLUENT_CLIENT=${folder}`, ...command],
    versions: { 'kubernetes-fluent-client': fluentClientVersion() },
  }
}
