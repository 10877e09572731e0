import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs an example as a user does: its own process, the built package. */
async function run(example: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [`examples/${example}`], {
    cwd: root,
    timeout: 120_000,
  })
  return stdout
}

describe('the examples', () => {
  test('hello-informer.ts prints the pods and what happens to them', { timeout: 120_000 }, async () => {
    const output = await run('hello-informer.ts')
    expect(output).toContain('1 pods, at resourceVersion')
    expect(output.trim().split('\n').slice(-3)).toEqual(['added web/first', 'added web/second', 'deleted web/first'])
  })

  test('decode-a-file.ts finds the same objects in JSON and in protobuf', { timeout: 120_000 }, async () => {
    expect(await run('decode-a-file.ts')).toBe('the same 3 objects by both roads: true\n')
  })

  test('testing/operator.node-test.ts passes as a test of its own', { timeout: 120_000 }, async () => {
    expect(await run('testing/operator.node-test.ts')).toMatch(/pass 2\n.* fail 0/)
  })

  test('demo.ts goes through all its parts and ends by itself', { timeout: 120_000 }, async () => {
    const output = await run('demo.ts')
    expect(output).toMatch(/20,000 pods .* MB .* MB\/s/)
    expect(output).toMatch(/synced in \d+ ms/)
    expect(output).toContain('deleted demo/new {"app":"demo","tier":"front"}')
    expect(output).toContain('added demo/unseen')
    expect(output).toMatch(/deleted demo\/unseen\n +finalStateKnown: false/)
    expect(output).toMatch(/LIST +resourceVersion \d+ NotOlderThan \(from the cache\)/)
  })
})
