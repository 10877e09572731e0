import { describe, expect, test } from 'vitest'
import { exampleFiles, expectedLines, missingLines, runExample } from './examples-run.ts'

const TIMEOUT_MS = 120_000

describe('each example', () => {
  test('has lines that are expected of it', () => {
    expect(exampleFiles().toSorted()).toEqual(Object.keys(expectedLines).toSorted())
  })

  test.each(exampleFiles())(
    'runs to its end on the testing server, and says what it shows: %s',
    { timeout: TIMEOUT_MS },
    async (file) => {
      const lines = await runExample(file)
      expect(missingLines(expectedLines[file] ?? [/it has none/], lines), lines.join('\n')).toEqual([])
    },
  )

  test('is a test of its own where it shows one: testing/operator.node-test.ts', { timeout: TIMEOUT_MS }, async () => {
    const output = (await runExample('testing/operator.node-test.ts')).join('\n')
    expect(output).toMatch(/pass 2\n.* fail 0/)
  })
})
