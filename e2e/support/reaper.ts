import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/**
 * Reads lines of process ids until its input ends, and then kills the ids of the last line and
 * removes the folder. The input ends when the process that holds its other end is gone.
 */
const SCRIPT = `
while read -r line; do pids=$line; done
[ -z "$pids" ] || kill -9 $pids 2>/dev/null
exec rm -rf "$1"
`

/**
 * Ends servers and removes their folder when this process is gone, however it went.
 *
 * A handler of the `exit` event is not enough: it does not run when a test runner ends a worker by a
 * signal. So a shell waits at the other end of a pipe that the kernel closes. It is detached, so that
 * a Ctrl-C in the terminal, which goes to the whole process group, does not end it first.
 */
export class Reaper {
  readonly #shell: ChildProcess
  readonly #exited: Promise<unknown>
  readonly #pids = new Set<number>()

  constructor(folder: string) {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT, 'reaper', folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    this.#exited = once(this.#shell, 'exit')
    this.#exited.catch(() => {})
    // An EPIPE says that the shell is gone, which `exited` tells as well.
    this.#shell.stdin?.on('error', () => {})
    this.#shell.unref()
  }

  add(pid: number): void {
    this.#pids.add(pid)
    this.#tell()
  }

  /** To be called as soon as the process is gone: its id may be another's before long. */
  delete(pid: number): void {
    this.#pids.delete(pid)
    this.#tell()
  }

  /** Kills what is left, removes the folder and resolves when that is done. */
  async close(): Promise<void> {
    this.#shell.ref()
    this.#shell.stdin?.end()
    await this.#exited
  }

  #tell(): void {
    this.#shell.stdin?.write(`${[...this.#pids].join(' ')}\n`)
  }
}
