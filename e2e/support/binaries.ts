import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildControlPlane } from './go-build.ts'

/** A program, and the arguments that come before all others. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
}

export interface Binaries {
  readonly etcd: Command
  readonly etcdVersion: string
  readonly apiServer: Command
  /** What `kube-apiserver --version` says, without the "v". */
  readonly kubernetesVersion: string
}

/**
 * Finds etcd and kube-apiserver, or builds them.
 *
 * | there is                  | taken from                                                  |
 * | ------------------------- | ----------------------------------------------------------- |
 * | `KUBEBUILDER_ASSETS`      | that folder, as envtest lays it out; a wrong version throws  |
 * | an earlier build          | the cache, by version and source                             |
 * | Go                        | e2e/control-plane, built into the cache: takes minutes       |
 * | nothing of these          | an error that says what to install or set                    |
 *
 * @param version Without it `E2E_KUBERNETES_VERSION`, else what is there or, to build, the version of go.mod.
 */
export async function findBinaries(version?: string): Promise<Binaries> {
  const wanted = version ?? (process.env['E2E_KUBERNETES_VERSION'] || undefined)
  const assets = process.env['KUBEBUILDER_ASSETS']
  if (assets) return prebuilt(assets, wanted)

  const file = await buildControlPlane(wanted)
  return withVersions({ file, args: ['etcd'] }, { file, args: ['kube-apiserver'] })
}

async function prebuilt(folder: string, wanted: string | undefined): Promise<Binaries> {
  const etcd = join(folder, 'etcd')
  const apiServer = join(folder, 'kube-apiserver')
  for (const file of [etcd, apiServer]) {
    if (!existsSync(file)) throw new Error(`KUBEBUILDER_ASSETS is set, but there is no ${file}`)
  }
  const binaries = await withVersions({ file: etcd, args: [] }, { file: apiServer, args: [] })
  if (wanted !== undefined && binaries.kubernetesVersion !== wanted) {
    throw new Error(
      `KUBEBUILDER_ASSETS holds kube-apiserver ${binaries.kubernetesVersion}, but ${wanted} was asked for`,
    )
  }
  return binaries
}

async function withVersions(etcd: Command, apiServer: Command): Promise<Binaries> {
  const [etcdVersion, kubernetesVersion] = await Promise.all([versionOf(etcd), versionOf(apiServer)])
  return { etcd, etcdVersion, apiServer, kubernetesVersion }
}

/** Asks the program itself, because what a folder or a variable is called proves nothing. */
async function versionOf({ file, args }: Command): Promise<string> {
  const { stdout } = await promisify(execFile)(file, [...args, '--version'], { timeout: 30_000 })
  const version = /\bv?(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1]
  if (version === undefined) throw new Error(`${file} --version says no version: ${stdout.slice(0, 200)}`)
  return version
}
