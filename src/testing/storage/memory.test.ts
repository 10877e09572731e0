import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

interface Figures {
  readonly snapshots: { readonly tree: number; readonly snapshots: number; readonly count: number }
  readonly one: { readonly growth: number; readonly bytes: number }
  readonly ten: { readonly growth: number; readonly bytes: number }
}

/** Ten objects to each revision, as where 10,000 snapshots are kept of 100,000. */
const PODS = 4000
const REVISIONS = 400
const MIB = 2 ** 20

test('snapshots share what they have in common, and lists share the state that they are sent from', async () => {
  const script = new URL('memory.test-support.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, `${PODS}`, `${REVISIONS}`])
  const { snapshots, one, ten } = JSON.parse(stdout) as Figures
  expect(snapshots.count).toBe(REVISIONS)
  // Of each revision a way down the tree.
  expect(snapshots.snapshots).toBeGreaterThan(0)
  expect(snapshots.snapshots).toBeLessThan(3 * snapshots.tree)
  expect(one.bytes).toBeGreaterThan(24 * MIB)
  expect(ten.bytes).toBe(10 * one.bytes)
  expect(one.growth).toBeLessThan(64 * MIB)
  // the ten clients are in the same process, and count; what is buffered as a whole would be ten bodies
  expect(ten.growth).toBeLessThan(128 * MIB)
}, 180_000)
