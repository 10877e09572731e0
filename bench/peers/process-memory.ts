import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Resident memory of this process now, and at its highest since the start or the last `forgetPeak`. Linux only. */
export function residentBytes(which: 'now' | 'peak'): number {
  const [, kilobytes] = new RegExp(`${which === 'now' ? 'VmRSS' : 'VmHWM'}:\\s+(\\d+)`).exec(
    readFileSync('/proc/self/status', 'utf8'),
  )!
  return Number(kilobytes) * 1024
}

export function forgetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5')
}

export interface Kept {
  /** The heap, and what lies outside of it but belongs to it: buffers are a part of `external`. */
  readonly bytes: number
  readonly heapBytes: number
  readonly bufferBytes: number
}

/** What is left after a collection. The memory of buffers is given back by another thread, a little later. */
export async function keptMemory(): Promise<Kept> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await sleep(5)
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return { bytes: heapUsed + external, heapBytes: heapUsed, bufferBytes: arrayBuffers }
}
