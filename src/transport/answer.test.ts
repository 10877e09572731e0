import type { Dispatcher } from 'undici'
import { describe, expect, test } from 'vitest'
import { Answer } from './answer.ts'

function controller() {
  const aborted: unknown[] = []
  const self = { abort: (reason: unknown) => void aborted.push(reason) } as unknown as Dispatcher.DispatchController
  return { self, aborted }
}

describe('an answer', () => {
  test('is over when it is aborted after all of it has come, and its connection stays', async () => {
    const { self, aborted } = controller()
    const answer = new Answer(false)
    answer.onRequestStart(self)
    answer.onResponseStart(self, 200, {})
    answer.onResponseData(self, Buffer.from('all'))
    answer.onResponseEnd()
    answer.abort(new Error('enough'))
    await answer.over
    expect(aborted).toEqual([])
    expect(answer.end).toEqual({ error: undefined })
  })
})
