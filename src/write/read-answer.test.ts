import { describe, expect, test } from 'vitest'
import { readAnswer } from './read-answer.ts'

const title = 'POST /api/v1/pods'

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

describe('the answer to a write', () => {
  test('is an object, wherever its bytes are cut', async () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ü' } }
    const bytes = Buffer.from(JSON.stringify(object))
    async function* cut() {
      for (const byte of bytes) yield Uint8Array.of(byte)
    }
    expect(await readAnswer(cut(), title)).toEqual(object)
  })

  test('is undefined for a Status', async () => {
    expect(await readAnswer(chunks('{"kind":"Status","status":"Success"}'), title)).toBeUndefined()
  })

  test.each([
    ['{"kind":"Pod",', 'ERR_DECODE_SYNTAX'],
    ['', 'ERR_DECODE_SYNTAX'],
    ['null', 'ERR_UNEXPECTED_KIND'],
    ['{"kind":"Pod","apiVersion":"v1"}', 'ERR_UNEXPECTED_KIND'],
    ['{"kind":"PodList","items":[]}', 'ERR_UNEXPECTED_KIND'],
  ])('is refused: %j', async (text, code) => {
    await expect(readAnswer(chunks(text), title)).rejects.toMatchObject({
      code,
      retryable: false,
      message: expect.stringMatching(/^POST \/api\/v1\/pods: /) as string,
    })
  })

  test('is not quoted in the error', async () => {
    const error = await readAnswer(chunks('{"data":{"password":"hunter2'), title).catch((cause: unknown) => cause)
    expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain('hunter2')
  })

  test('is read only so far', async () => {
    let pulled = 0
    async function* endless() {
      for (;;) {
        pulled++
        yield new Uint8Array(1024 * 1024)
      }
    }
    await expect(readAnswer(endless(), title)).rejects.toMatchObject({ code: 'ERR_DECODE_TOO_LARGE' })
    expect(pulled).toBe(17)
  })
})
