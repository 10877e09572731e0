import { setTimeout as sleep } from 'node:timers/promises'

export interface WaitOptions {
  /** What is waited for, for the error: "kube-apiserver to be ready". */
  readonly what: string
  readonly timeoutMs: number
  /** Asked again every 50 ms; a throw is a "not yet", told in the error if the time runs out. */
  readonly probe: () => Promise<boolean>
  /** Looked at before each probe: a throw ends the wait at once. */
  readonly check?: () => void
}

/** Waits until the probe says true, at most `timeoutMs`. Its timer keeps the process alive meanwhile. */
export async function waitUntil({ what, timeoutMs, probe, check }: WaitOptions): Promise<void> {
  const deadline = performance.now() + timeoutMs
  let lastError: unknown
  while (performance.now() < deadline) {
    check?.()
    try {
      if (await probe()) return
    } catch (error) {
      lastError = error
    }
    await sleep(50)
  }
  throw new Error(`gave up waiting for ${what} after ${timeoutMs / 1000} s`, { cause: lastError })
}
