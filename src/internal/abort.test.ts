import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { onAbort, orAborted } from './abort.ts'

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

describe('onAbort', () => {
  test('calls once, at the abort', () => {
    const controller = new AbortController()
    let calls = 0
    onAbort(controller.signal, () => calls++)
    expect(calls).toBe(0)
    controller.abort()
    controller.abort()
    expect([calls, listeners(controller.signal)]).toEqual([1, 0])
  })

  test('calls at once where it has aborted already', () => {
    let calls = 0
    onAbort(AbortSignal.abort(), () => calls++)[Symbol.dispose]()
    expect(calls).toBe(1)
  })

  test('is taken back', () => {
    const controller = new AbortController()
    let calls = 0
    onAbort(controller.signal, () => calls++)[Symbol.dispose]()
    expect(listeners(controller.signal)).toBe(0)
    controller.abort()
    expect(calls).toBe(0)
  })

  test('needs no signal', () => {
    onAbort(undefined, () => expect.unreachable())[Symbol.dispose]()
  })
})

describe('orAborted', () => {
  test('is the promise, and leaves no listener', async () => {
    const { signal } = new AbortController()
    expect(await orAborted(Promise.resolve(1), signal)).toBe(1)
    await expect(orAborted(Promise.reject(new Error('mine')), signal)).rejects.toThrow('mine')
    expect(await orAborted(Promise.resolve(2), undefined)).toBe(2)
    expect(listeners(signal)).toBe(0)
  })

  test('rejects with the reason of the signal, whatever becomes of the promise', async () => {
    const controller = new AbortController()
    const { promise, reject } = Promise.withResolvers<never>()
    const waiting = orAborted(promise, controller.signal)
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(listeners(controller.signal)).toBe(0)
    reject(new Error('nobody waits any more'))
    await expect(orAborted(Promise.resolve(1), controller.signal)).rejects.toThrow('enough')
  })
})
