import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const KEYS = 5000
const UPDATES = 50_000
const MAX_PENDING = 1000
const OBJECT_BYTES = 1000

interface Cost {
  /** After how many bursts of 1000 updates the store was not at the newest version, with no time passing. */
  readonly behind: number
  readonly mostPending: number
  readonly coalesced: number
  readonly callsMeanwhile: number
  readonly calls: number
  /** By a subscriber that never comes back from its first update. */
  readonly heldBytes: number
  /** Objects whose last state the slow handler was not given. */
  readonly missed: number
}

test('a handler that takes a second for each of 50,000 updates holds up nothing, and misses no last state', async () => {
  const program = new URL('./programs/slow-handler.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program], { timeout: 280_000 })
  const cost = JSON.parse(stdout) as Cost
  const { mostPending, coalesced, callsMeanwhile, calls, heldBytes } = cost
  console.log(
    `${UPDATES} updates of ${KEYS} objects of ${OBJECT_BYTES} B, a second for each: ${callsMeanwhile} handled meanwhile, at most ` +
      `${mostPending} waited, ${coalesced} were folded, ${calls} calls in all; who never comes back holds ${(heldBytes / 1e6).toFixed(1)} MB`,
  )
  expect(cost).toMatchObject({ behind: 0, missed: 0, callsMeanwhile: 50 })
  expect(mostPending).toBeLessThanOrEqual(MAX_PENDING + KEYS)
  expect(coalesced).toBe(UPDATES - calls)
  expect(calls).toBeLessThanOrEqual(callsMeanwhile + 1 + MAX_PENDING + KEYS)
  expect(heldBytes).toBeLessThan(3 * (MAX_PENDING + KEYS) * OBJECT_BYTES)
}, 300_000)
