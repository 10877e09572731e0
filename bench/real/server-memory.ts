import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** The memory of the kube-apiserver that this process has started. Linux only. */
export class ServerMemory {
  readonly #process: string

  /** @throws Error unless there is exactly one */
  constructor() {
    const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isOwnApiServer(pid))
    if (found.length !== 1) throw new Error(`expected one kube-apiserver among the children, found ${found.length}`)
    this.#process = `/proc/${found[0]!}`
  }

  /** Resident now, or at its highest since `forgetPeak`. */
  bytes(which: 'now' | 'peak'): number {
    const [, kilobytes] = new RegExp(`${which === 'now' ? 'VmRSS' : 'VmHWM'}:\\s+(\\d+)`).exec(this.#read('status'))!
    return Number(kilobytes) * 1024
  }

  forgetPeak(): void {
    writeFileSync(`${this.#process}/clear_refs`, '5')
  }

  /** Processor time so far. */
  cpuMs(): number {
    const [, user, system] = /\) \S+(?: \S+){10} (\d+) (\d+)/.exec(this.#read('stat'))!
    return (Number(user) + Number(system)) * MS_PER_TICK
  }

  #read(file: string): string {
    return readFileSync(`${this.#process}/${file}`, 'utf8')
  }
}

/** USER_HZ is 100 wherever Linux runs Node. */
const MS_PER_TICK = 10

function isOwnApiServer(pid: string): boolean {
  try {
    const [, parent] = /\) \S+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))!
    return Number(parent) === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('kube-apiserver')
  } catch {
    return false // it has ended meanwhile
  }
}
