import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ManualClock } from './manual-clock.ts'

describe('a manual clock', () => {
  test('runs timers in order of time, each at its own moment', async () => {
    const clock = new ManualClock(1000)
    const ran: string[] = []
    clock.setTimeout(() => ran.push(`b at ${clock.now()}`), 20)
    clock.setTimeout(() => ran.push(`a at ${clock.now()}`), 10)
    clock.setTimeout(() => ran.push(`c at ${clock.now()}`), 20)
    clock.setTimeout(() => ran.push('late'), 31)

    await clock.advance(30)

    expect(ran).toEqual(['a at 1010', 'b at 1020', 'c at 1020'])
    expect(clock.now()).toBe(1030)
    expect(clock.pending).toBe(1)
  })

  test('runs timers that are set on the way and fall due in the same span', async () => {
    const clock = new ManualClock(0)
    const ran: number[] = []
    const again = (): void => {
      ran.push(clock.now())
      clock.setTimeout(again, 10)
    }
    clock.setTimeout(again, 10)
    await clock.advance(35)
    expect(ran).toEqual([10, 20, 30])
  })

  test('lets a request to a server in this process come back between two timers', async () => {
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await (await fetch(`http://127.0.0.1:${port}`)).text() // undici loads itself at its first use
    const clock = new ManualClock()
    let answer = ''
    clock.setTimeout(() => {
      void fetch(`http://127.0.0.1:${port}`).then(async (response) => {
        answer = await response.text()
      })
    }, 10)
    clock.setTimeout(() => expect(answer).toBe('hello'), 20)
    await clock.advance(30)
    expect(answer).toBe('hello')
  })

  test('forgets a timer that was disposed', async () => {
    const clock = new ManualClock()
    const timer = clock.setTimeout(() => expect.unreachable(), 10)
    timer[Symbol.dispose]()
    timer[Symbol.dispose]()
    await clock.advance(20)
    expect(clock.pending).toBe(0)
  })

  test('goes on by spans of time only', async () => {
    const clock = new ManualClock(0)
    await expect(clock.advance(Number.NaN)).rejects.toMatchObject({ code: 'ERR_OPTION' })
    expect(clock.now()).toBe(0)
  })

  test.each([-3600_000, 3600_000])('jumps by %d ms without running or moving what it waits for', async (jump) => {
    const clock = new ManualClock(0)
    const ran: number[] = []
    const timer = clock.setTimeout(() => expect.unreachable(), 10)
    clock.setTimeout(() => ran.push(clock.now()), 10)
    clock.jump(jump)
    timer[Symbol.dispose]()
    expect(clock.now()).toBe(jump)
    await clock.advance(9)
    expect(ran).toEqual([])
    await clock.advance(1)
    expect(ran).toEqual([jump + 10])
  })
})
