import { describe, expect, test } from 'vitest'
import { TimeSlice } from './time-slice.ts'

/** Real time, since that is what it goes by: nothing here depends on how much of it passes beyond this. */
function work(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

describe('a slice', () => {
  test('is over after 5 ms, and begins anew with the next turn', async () => {
    const slice = new TimeSlice()
    work(6)
    expect(slice.isOver).toBe(true)
    let hasTurned = false
    setImmediate(() => (hasTurned = true))
    await slice.turn()
    expect(hasTurned).toBe(true)
  })

  test('is shared by all who work in one turn, each of whom gets a part', () => {
    const first = new TimeSlice()
    work(2)
    void first.isOver // from here on the turn is counted
    work(6)
    expect(first.isOver).toBe(true)
    const second = new TimeSlice()
    work(2)
    expect(second.isOver).toBe(true)
  })
})
