import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from './binaries.ts'
import type { Reaper } from './reaper.ts'

const TAIL_BYTES = 8 * 1024
const KILL_TIMEOUT_MS = 10_000

export interface ServerProcessOptions {
  readonly name: string
  readonly command: Command
  readonly args: readonly string[]
  /** Where it writes, appended to. A file, not a pipe: a test that blocks must not hold the server up. */
  readonly logFile: string
  readonly reaper: Reaper
}

/** One run of etcd or kube-apiserver. It keeps neither this process alive nor itself beyond it. */
export class ServerProcess {
  readonly #name: string
  readonly #child: ChildProcess
  readonly #exited: Promise<void>
  #end: string | undefined

  constructor({ name, command, args, logFile, reaper }: ServerProcessOptions) {
    this.#name = name
    const log = openSync(logFile, 'a')
    try {
      this.#child = spawn(command.file, [...command.args, ...args], { stdio: ['ignore', log, log] })
    } finally {
      closeSync(log)
    }
    const { pid } = this.#child
    if (pid !== undefined) reaper.add(pid)
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#end ??= `did not start: ${error.message}`
        resolve()
      })
      this.#child.once('exit', (code, signal) => {
        if (pid !== undefined) reaper.delete(pid)
        this.#end ??= `ended by ${signal ?? `itself with exit code ${code}`}`
        resolve()
      })
    })
    this.#child.unref()
  }

  get isRunning(): boolean {
    return this.#end === undefined
  }

  /** @throws Error that says how it ended, if the process is gone. */
  assertRunning(): void {
    if (this.#end !== undefined) throw new Error(`${this.#name} ${this.#end}`)
  }

  /** Kills it as a power cut would, and resolves when it is gone. */
  async kill(): Promise<void> {
    if (!this.isRunning) return
    this.#child.kill('SIGKILL')
    const timeout = new AbortController()
    const late = sleep(KILL_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
      throw new Error(`${this.#name} is still there ${KILL_TIMEOUT_MS / 1000} s after SIGKILL`)
    })
    try {
      await Promise.race([this.#exited, late])
    } finally {
      timeout.abort()
    }
  }
}

/** The last lines of a log file, or nothing if there is none. */
export function tailOf(file: string): string {
  if (!existsSync(file)) return ''
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES))
    const length = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length)
    const text = buffer.toString('utf8', 0, length)
    return size > TAIL_BYTES ? text.slice(text.indexOf('\n') + 1) : text
  } finally {
    closeSync(descriptor)
  }
}
