import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../control-plane/', import.meta.url))
const OUTPUT_TAIL = 4_000

/** One Kubernetes release, and the files of its Go module, relative to e2e/control-plane. */
interface Module {
  readonly version: string
  readonly mod: string
  readonly sum: string
}

/**
 * Returns the control-plane executable of a Kubernetes release, built at the first call.
 *
 * @param wanted Without it, the release of go.mod.
 * @throws Error if the release is not pinned in e2e/control-plane, there is no Go, or the build fails.
 */
export async function buildControlPlane(wanted?: string): Promise<string> {
  const module = await moduleOf(wanted)
  const sources = ['main.go', module.mod, module.sum].map((name) => join(SOURCE, name))
  const name = `control-plane-${module.version}`
  return buildOnce({ name, executable: 'control-plane', sources, build: (output) => goBuild(module, output) })
}

export interface Program {
  /** Of the folder in the cache, before the hash: `control-plane-1.36.3`. */
  readonly name: string
  readonly executable: string
  /** All files that decide what is built. */
  readonly sources: readonly string[]
  readonly build: (output: string) => Promise<void>
}

/** Returns the path of a program in the cache, built if it is not there for these sources. */
export async function buildOnce({ name, executable, sources, build }: Program): Promise<string> {
  const folder = join(cacheFolder(), `${name}-${await hashOf(sources)}`)
  const file = join(folder, executable)
  if (existsSync(file)) return file

  await mkdir(folder, { recursive: true })
  // Nobody may find half a file, also not a second process that builds the same.
  const unfinished = join(folder, `unfinished-${process.pid}`)
  try {
    await build(unfinished)
    await rename(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
  return file
}

/** go.mod is the default release's; the others lie in versions/, for `go build -modfile`. */
async function moduleOf(wanted: string | undefined): Promise<Module> {
  const goMod = await readFile(join(SOURCE, 'go.mod'), 'utf8')
  const defaultVersion = /k8s\.io\/kubernetes v(\S+)/.exec(goMod)?.[1]
  if (defaultVersion === undefined) throw new Error('e2e/control-plane/go.mod does not require k8s.io/kubernetes')
  const version = wanted ?? defaultVersion
  if (version === defaultVersion) return { version, mod: 'go.mod', sum: 'go.sum' }

  const module = { version, mod: `versions/${version}.mod`, sum: `versions/${version}.sum` }
  if (existsSync(join(SOURCE, module.mod))) return module
  const others = readdirSync(join(SOURCE, 'versions'))
    .filter((name) => name.endsWith('.mod'))
    .map((name) => basename(name, '.mod'))
  throw new Error(
    `Kubernetes ${version} is not pinned; ${[...others, defaultVersion].join(', ')} are. ` +
      `Add it by e2e/control-plane/pin-version.sh ${version}`,
  )
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kubeflume')
}

async function hashOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`)
  for (const file of sources) hash.update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}

async function goBuild({ version, mod }: Module, output: string): Promise<void> {
  const [major, minor] = version.split('.')
  const variables = { gitMajor: major, gitMinor: minor, gitVersion: `v${version}`, gitTreeState: 'clean' }
  const ldflags = Object.entries(variables).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
  const started = performance.now()
  say(`building etcd and kube-apiserver ${version} by Go, once: a first build takes minutes`)
  await go(SOURCE, [`-modfile=${mod}`, `-ldflags=-s -w ${ldflags.join(' ')}`, `-o=${output}`])
  say(`built in ${Math.round((performance.now() - started) / 1000)} s`)
}

/** Builds the Go program of a folder. */
export async function go(folder: string, args: readonly string[]): Promise<void> {
  // cgo would make the build depend on a C compiler, and is not needed.
  const child = spawn('go', ['build', '-trimpath', '-buildvcs=false', '-mod=readonly', ...args, '.'], {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-OUTPUT_TAIL)
  })
  const code: unknown = await once(child, 'close').then(
    ([exitCode]) => exitCode,
    (error: unknown) => {
      throw new Error(noControlPlane(error), { cause: error })
    },
  )
  if (code !== 0) throw new Error(`go build in ${folder} failed (${String(code)}):\n${output}`)
}

function noControlPlane(error: unknown): string {
  return [
    `The e2e tests need a control plane, and Go cannot be started to build one (${String(error)}). Either`,
    '- install Go 1.26 or newer, or',
    '- set KUBEBUILDER_ASSETS to a folder with kube-apiserver and etcd (as setup-envtest makes it), or',
    '- set E2E_USE_CLUSTER=1 and KUBECONFIG to use a cluster, for example one of kind.',
  ].join('\n')
}

function say(line: string): void {
  process.stderr.write(`e2e: ${line}\n`)
}
