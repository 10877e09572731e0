import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

interface Left {
  readonly alive: number
  /** While the server was still there: the informer has closed them, not the server. */
  readonly sockets: number
  readonly listeners: number
  readonly resources: readonly string[]
  readonly slabBytes: number
  readonly leftBytes: number
}

test('after stop nothing is left: no object, slab, timer, socket or listener, and the process ends', async () => {
  const program = new URL('./programs/after-stop.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program], { timeout: 60_000 })
  const left = JSON.parse(stdout) as Left
  expect(left).toMatchObject({ alive: 0, sockets: 0, listeners: 0, resources: [] })
  expect(left.slabBytes).toBeGreaterThan(2_000_000)
  expect(left.leftBytes).toBeLessThan(0.1 * left.slabBytes)
}, 60_000)
