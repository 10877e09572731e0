import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { Outcome } from '../sync/run-scenario.ts'

/** A program that prints `ready`, waits for a line, and prints what it measured as a line of JSON. */
export interface Client {
  readonly name: string
  readonly command: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

export interface ClientsRun {
  readonly outcomes: readonly Outcome[]
  /** From the word to begin until the last one had everything, or had failed. */
  readonly allMs: number
}

const LIMIT_MS = 180_000

/** Starts so many processes of a client, lets them begin at the same moment, and ends them when all are done. */
export async function runClients(client: Client, count: number): Promise<ClientsRun> {
  const running = Array.from({ length: count }, () => new RunningClient(client))
  try {
    await Promise.all(running.map((each) => each.ready()))
    const startedAt = performance.now()
    const outcomes = await Promise.all(running.map((each) => each.measure()))
    return { outcomes, allMs: performance.now() - startedAt }
  } finally {
    await Promise.all(running.map((each) => each.end()))
  }
}

class RunningClient {
  readonly #child: ChildProcess
  readonly #lines: Interface
  readonly #errors: Promise<string>
  readonly #ended: Promise<unknown>

  constructor({ command: [file, ...args], env }: Client) {
    this.#child = spawn(file!, args, { env: { ...process.env, ...env }, timeout: LIMIT_MS, killSignal: 'SIGKILL' })
    this.#child.stdin!.on('error', () => {}) // it may be gone already
    this.#lines = createInterface({ input: this.#child.stdout! })
    this.#errors = text(this.#child.stderr!)
    this.#ended = once(this.#child, 'close')
  }

  async ready(): Promise<void> {
    const line = await this.#line()
    if (line !== 'ready') throw new Error(`${this.#child.spawnfile} did not begin: ${line ?? (await this.#errors)}`)
  }

  async measure(): Promise<Outcome> {
    const line = this.#line()
    this.#child.stdin!.write('\n')
    const output = await line
    if (output !== undefined) return JSON.parse(output) as Outcome
    return { error: (await this.#errors).trim().slice(-500) || 'it ended without a word' }
  }

  async end(): Promise<void> {
    this.#child.stdin!.end()
    this.#child.kill()
    await this.#ended
  }

  /** The next one, or undefined when there is none. */
  #line(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#lines.once('line', resolve)
      this.#lines.once('close', () => resolve(undefined))
    })
  }
}
