import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { text } from 'node:stream/consumers'

/** What one measured process says: milliseconds on the clock and of all its threads' CPU, or bytes. */
export interface Sample {
  readonly ms?: number
  readonly cpuMs?: number
  readonly bytes?: number
}

/** Times what `run` does. What it needs beforehand is made outside. */
export async function timed(run: () => unknown): Promise<Sample> {
  globalThis.gc?.()
  const cpu = process.cpuUsage()
  const start = performance.now()
  await run()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { ms, cpuMs: (user + system) / 1000 }
}

/** Runs a program of ours in a process of its own, so that no other one's heap disturbs it, and reads its one line of JSON. */
export async function runChild(args: readonly string[]): Promise<Sample> {
  const child = spawn(process.execPath, ['--expose-gc', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`)
  return JSON.parse(output) as Sample
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** What the figures depend on besides the code. */
export function machine(): object {
  const [cpu] = cpus()
  return {
    node: process.version,
    v8: process.versions.v8,
    cpu: cpu?.model,
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
  }
}

export function writeResult(name: string, result: object): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const folder = new URL('results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const file = new URL(`${new Date().toISOString().slice(0, 10)}-${commit}.json`, folder)
  writeFileSync(file, `${JSON.stringify({ name, commit, ...result }, undefined, 2)}\n`)
  return file.pathname
}
