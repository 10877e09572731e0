import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { KubeConfig } from '@kubernetes/client-node'
import { waitUntil } from '../support/wait.ts'

export interface ReplicaSettings {
  readonly kubeConfig: string
  readonly namespace: string
  readonly name: string
  readonly times: { readonly leaseDurationMs: number; readonly renewDeadlineMs: number; readonly retryPeriodMs: number }
}

const PROGRAM = fileURLToPath(new URL('replica.ts', import.meta.url))
const PATIENCE_MS = 30_000

/** A replica that runs in a process of its own. */
export class ReplicaProcess {
  readonly name: string
  /** What it has told so far. */
  readonly lines: string[] = []
  /** The moments of those, by `performance.now()` here. */
  readonly #toldAt: number[] = []
  readonly #child: ChildProcess

  constructor(config: KubeConfig, settings: Omit<ReplicaSettings, 'kubeConfig'>) {
    this.name = settings.name
    const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child = child
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(line)
      this.#toldAt.push(performance.now())
    })
    child.stdin.end(JSON.stringify({ ...settings, kubeConfig: config.exportConfig() }))
  }

  /** How often it has said that it leads. */
  get terms(): number {
    return this.lines.filter((line) => line.startsWith('leads')).length
  }

  /** When it tells a line that begins so, the first one behind the `from` that there are already. */
  async tells(beginning: string, from: number = this.lines.length): Promise<number> {
    const find = (): number => this.lines.findIndex((line, index) => index >= from && line.startsWith(beginning))
    await waitUntil({
      what: `${this.name} to tell "${beginning}"; it told ${this.lines.slice(-5).join(', ')}`,
      timeoutMs: PATIENCE_MS,
      probe: () => Promise.resolve(find() !== -1),
      check: () => this.#assertRunning(),
    })
    return this.#toldAt[find()]!
  }

  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGUSR2'): void {
    this.#child.kill(name)
  }

  /** Asks it to end, and waits until it has. */
  async end(): Promise<void> {
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await exit
  }

  /** Ends it without a word, also when it is stopped. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }

  #assertRunning(): void {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null)
      throw new Error(`${this.name} ended by itself: ${exitCode ?? signalCode}`)
  }
}
