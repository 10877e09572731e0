import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { KubeConfig } from '@kubernetes/client-node'
import { Reaper } from '../support/reaper.ts'
import { buildClients } from './build-clients.ts'

const TIMEOUT_MS = 30_000

export interface Said {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the clients in Go against one server, with a folder of their own for configuration and caches. */
export class GoClient implements AsyncDisposable {
  readonly folder: string
  readonly #executable: string
  readonly #kubeconfig: string
  readonly #reaper: Reaper

  static async open(config: KubeConfig): Promise<GoClient> {
    return new GoClient(await buildClients(), config)
  }

  private constructor(executable: string, config: KubeConfig) {
    this.#executable = executable
    this.folder = mkdtempSync(join(tmpdir(), 'kubeflume-clients-'))
    this.#reaper = new Reaper(this.folder)
    this.#kubeconfig = join(this.folder, 'config')
    writeFileSync(this.#kubeconfig, config.exportConfig(), { mode: 0o600 })
  }

  /** Runs kubectl to its end. */
  async kubectl(args: readonly string[]): Promise<Said> {
    const child = this.startKubectl(args)
    child.stdin.end()
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ])
    return { exitCode: Number(exitCode ?? -1), stdout, stderr }
  }

  /** kubectl that goes on until it is ended: `get -w`. */
  startKubectl(args: readonly string[]): ChildProcessWithoutNullStreams {
    return this.#start(['kubectl', `--kubeconfig=${this.#kubeconfig}`, ...args])
  }

  /** The informer, which lives until its input ends. */
  informer(encoding: 'json' | 'protobuf', beginsWith: 'LIST' | 'watch-list'): ChildProcessWithoutNullStreams {
    const environment = { KUBE_FEATURE_WatchListClient: String(beginsWith === 'watch-list') }
    return this.#start(['informer', `--kubeconfig=${this.#kubeconfig}`, `--encoding=${encoding}`], environment)
  }

  /** One who wants a lease, until its input ends. */
  elect(flags: readonly string[]): ChildProcessWithoutNullStreams {
    return this.#start(['elect', `--kubeconfig=${this.#kubeconfig}`, ...flags])
  }

  /** Starts a client that is ended after a while, and with this process. */
  #start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
    const child = spawn(this.#executable, args, {
      cwd: this.folder,
      // Nothing of the user's own configuration, and no colours.
      env: { PATH: process.env['PATH'], HOME: this.folder, TERM: 'dumb', ...environment },
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    })
    const { pid } = child
    if (pid !== undefined) this.#reaper.add(pid)
    child.once('exit', () => pid !== undefined && this.#reaper.delete(pid))
    child.stdin.on('error', () => {})
    return child
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reaper.close()
  }
}
