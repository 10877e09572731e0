import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { corpusFolder } from '../corpora/corpus-file.ts'
import type { PeerName } from './scenario.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const CLIENT_GO = fileURLToPath(new URL('../peers/client-go/', import.meta.url))

/** How each peer is started; client-go's is absent where there is no Go. */
export interface Peers extends Disposable {
  readonly commands: { readonly [peer in PeerName]?: readonly string[] }
  /** Of what is compared with, and what it is built by. */
  readonly versions: { readonly [name: string]: string }
}

/**
 * Builds the programs: kubeflume as JavaScript, since stripping types at run time costs memory that no user pays.
 *
 * @param module The file of another build of kubeflume than of these sources
 */
export function buildPeers(module: string | undefined): Peers {
  const folder = mkdtempSync(join(tmpdir(), 'kubeflume-bench-'))
  compile(folder)
  const program = (name: string): string[] => [
    process.execPath,
    '--expose-gc',
    join(folder, 'bench/peers', `${name}.js`),
  ]
  const clientGo = buildClientGo()
  return {
    commands: {
      nowhere: program('nowhere'),
      kubeflume: [...program('kubeflume'), ...(module === undefined ? [] : [`--module=${resolve(module)}`])],
      ...(clientGo === undefined ? {} : { 'client-go': [clientGo] }),
    },
    versions: clientGo === undefined ? {} : goVersions(),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function compile(folder: string): void {
  const tsc = join(REPOSITORY, 'node_modules/.bin/tsc')
  const project = join(REPOSITORY, 'bench/peers/tsconfig.json')
  execFileSync(tsc, ['-p', project, '--outDir', folder], { stdio: ['ignore', 2, 2] })
  for (const name of ['node_modules', 'package.json']) symlinkSync(join(REPOSITORY, name), join(folder, name))
}

/** Go keeps what it has built, so that this is fast but for the first time. */
function buildClientGo(): string | undefined {
  if (goVersion() === undefined) {
    process.stderr.write('bench: there is no Go, so nothing is compared with client-go\n')
    return undefined
  }
  const file = join(dirname(corpusFolder('A')), 'client-go')
  mkdirSync(dirname(file), { recursive: true })
  const unfinished = `${file}-${process.pid}`
  go(['build', '-trimpath', '-buildvcs=false', '-mod=readonly', `-o=${unfinished}`, '.'])
  renameSync(unfinished, file)
  return file
}

function goVersion(): string | undefined {
  try {
    return go(['env', 'GOVERSION'])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function goVersions(): { [name: string]: string } {
  const clientGo = go(['list', '-m', '-f', '{{.Version}}', 'k8s.io/client-go'])
  return { go: goVersion()!, 'client-go': clientGo }
}

/** cgo would make the build depend on a C compiler, and is not needed. */
function go(args: readonly string[]): string {
  const env = { ...process.env, CGO_ENABLED: '0' }
  return execFileSync('go', args, {
    cwd: CLIENT_GO,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
}
