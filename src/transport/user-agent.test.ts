import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { USER_AGENT, VERSION } from './user-agent.ts'

describe('the User-Agent', () => {
  test('has the version of package.json', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(VERSION).toBe(manifest.version)
    expect(USER_AGENT).toMatch(/^kubeflume\/\S+ node\/\d+\.\d+\.\d+ \(\w+\)$/)
  })
})
