import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { compactionCases } from './cases/compaction.ts'
import { describeFound } from './compare.ts'
import type { ContractCase } from './contract-case.ts'
import { cases } from './cases/index.ts'
import { openRealServer, openTestServer } from './contract-server.ts'
import { type Difference, differences, isListed } from './differences.ts'
import { contractReleases } from './releases.ts'
import { type ContractServers, runCase } from './run-case.ts'
import { say } from '../support/say.ts'

const releases = contractReleases()
const used = new Set<Difference>()
const ran = new Set<string>()

describe.skipIf(releases.length === 0).each(releases)('TestApiServer playing $release', (release) => {
  let servers: ContractServers

  beforeAll(async () => {
    const [real, ours] = await Promise.all([openRealServer(release), openTestServer(release)])
    servers = { real, ours }
  })

  afterAll(async () => {
    await Promise.all([servers?.real.stop(), servers?.ours.stop()])
  })

  const check = async (one: ContractCase): Promise<void> => {
    onTestFailed(() => console.log(servers.real.logs().slice(-500)))
    ran.add(one.name)
    const found = await runCase(one, servers)
    const unlisted = found.filter((difference) => !isListed(one.name, difference, used))
    if (unlisted.length === 0) return
    // A few say what is wrong; hundreds would hide it.
    expect.fail(`${unlisted.length} places differ, first\n${unlisted.slice(0, 5).map(describeFound).join('\n')}`)
  }

  const ofRelease = (all: readonly ContractCase[]): ContractCase[] =>
    all.filter(({ releases: only }) => only?.includes(release.release) ?? true)

  describe(`answers as kube-apiserver ${release.version} does`, () => {
    test.concurrent.each(ofRelease(cases))('$name', check)
  })

  // Not beside the others: a compaction takes the past from all of them.
  describe(`after a compaction answers as kube-apiserver ${release.version} does`, () => {
    test.concurrent.each(ofRelease(compactionCases))('$name', check)
  })
})

describe.skipIf(releases.length === 0)('the list of differences', () => {
  test('has none that is gone', () => {
    say(`contract: ${ran.size} cases on ${releases.map(({ version }) => version).join(' and ')}`)
    // Some differ in one release only: a run of the other alone cannot tell.
    if (releases.length < 2) return
    const tried = differences.filter(({ cases: names }) => [...ran].some((name) => names.test(name)))
    expect(tried.filter((difference) => !used.has(difference))).toEqual([])
  })

  test('is about cases that there are', () => {
    const names = [...cases, ...compactionCases].map(({ name }) => name)
    expect(differences.filter((difference) => !names.some((name) => difference.cases.test(name)))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
  })
})
