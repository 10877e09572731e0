import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { KubeConfig } from '@kubernetes/client-node'
import type { Stalls } from './stall-probe.ts'

export interface MeasuredSync extends Stalls {
  readonly syncedMs: number
  /** Objects in the store. */
  readonly size: number
  /** Deltas that a subscriber got. */
  readonly told: number
  readonly bytes: number
}

const PROGRAM = fileURLToPath(new URL('sync-in-child.ts', import.meta.url))

/** Syncs all pods in a fresh process, so that the garbage of the tests is not measured. */
export async function measureSync(config: KubeConfig): Promise<MeasuredSync> {
  const { NODE_ENV, ...env } = process.env
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(config.exportConfig())
  const output = await text(child.stdout)
  if (!output.startsWith('{')) throw new Error(`the measuring process printed no result: ${output}`)
  return JSON.parse(output) as MeasuredSync
}
