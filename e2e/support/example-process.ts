import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { KubeConfig } from '@kubernetes/client-node'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The environment that makes an example run on a cluster, with its kubeconfig in a file that `remove` deletes. */
export function exampleEnv(config: KubeConfig): { readonly env: NodeJS.ProcessEnv; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'kubeflume-example-'))
  const file = join(folder, 'kubeconfig')
  writeFileSync(file, config.exportConfig(), { mode: 0o600 })
  return { env: { EXAMPLE_CLUSTER: '1', KUBECONFIG: file }, remove: () => rmSync(folder, { recursive: true }) }
}

export interface ExampleProcessOptions {
  /** As a kubelet does it. @default false */
  readonly restartsWhenItFails?: boolean | undefined
}

/** An example that runs until it is told to end, as a pod of a Deployment does. */
export class ExampleProcess {
  readonly #command: readonly string[]
  readonly #env: NodeJS.ProcessEnv
  readonly #restartsWhenItFails: boolean
  #child: ChildProcess
  #isStopping = false
  #restarts = 0
  #output = ''

  constructor(
    command: readonly string[],
    env: NodeJS.ProcessEnv,
    { restartsWhenItFails = false }: ExampleProcessOptions = {},
  ) {
    this.#command = command
    this.#env = env
    this.#restartsWhenItFails = restartsWhenItFails
    this.#child = this.#start()
  }

  /** @throws Error that says how it ended, if it is gone */
  assertRunning(): void {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) throw new Error(`the example ended with ${exitCode ?? signalCode}`)
  }

  get restarts(): number {
    return this.#restarts
  }

  /** All that it has printed and complained of. */
  get output(): string {
    return this.#output
  }

  /** Asks it to end, and resolves with its exit code: null for one that has no handler for SIGTERM. */
  async stop(): Promise<number | null> {
    this.#isStopping = true
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exit = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      await exit
    }
    return this.#child.exitCode
  }

  kill(): void {
    this.#isStopping = true
    this.#child.kill('SIGKILL')
  }

  #start(): ChildProcess {
    const child = spawn(process.execPath, this.#command, {
      cwd: root,
      env: { ...process.env, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => void (this.#output += text))
    }
    child.once('exit', (code) => {
      if (this.#isStopping || code === 0 || !this.#restartsWhenItFails) return
      this.#restarts++
      this.#child = this.#start()
    })
    return child
  }
}
