import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from './clock.ts'

describe("the system's clock", () => {
  test('waits for what Node would turn into a millisecond, and for no time at all', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const ran: string[] = []
    systemClock.setTimeout(() => ran.push('a year'), 365 * 86_400_000)
    systemClock.setTimeout(() => ran.push('past'), -5)
    systemClock.setTimeout(() => ran.push('taken back'), 10)[Symbol.dispose]()
    vi.advanceTimersByTime(1000)
    expect([ran, vi.getTimerCount()]).toEqual([['past'], 1])
  })

  test('says the time of day, and never goes back', () => {
    const now = systemClock.now()
    expect(Math.abs(now - Date.now())).toBeLessThan(3_600_000)
    expect(systemClock.now()).toBeGreaterThanOrEqual(now)
  })
})
