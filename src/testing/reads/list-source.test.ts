import { describe, expect, onTestFinished, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { ManualClock } from '../manual-clock.ts'
import { pod } from '../pods.ts'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'

const { pods } = resources.core.v1

interface List {
  code: number
  reason?: string
  message: string
  details?: { retryAfterSeconds?: number }
  metadata: { resourceVersion: string; continue?: string }
  items: { metadata: { name: string } }[]
}

/** Pods a, b and c of versions 2 to 4, written while it runs; d of version 5 too; c deleted at 6. */
async function start(options: TestApiServerOptions = {}) {
  const clock = new ManualClock()
  const server = await TestApiServer.start({ clock, ...options })
  onTestFinished(() => server.stop())
  for (const name of ['a', 'b', 'c', 'd']) server.create(pods, pod({ name }))
  server.delete(pods, 'default/c')
  const list = async (query: string, path = '/api/v1/pods'): Promise<List> => {
    return (await (await fetch(`${server.url}${path}?${query}`)).json()) as List
  }
  const told = ({ items, code, metadata }: List): string =>
    items === undefined
      ? String(code)
      : `${items.map((item) => item.metadata.name).join('')}@${metadata.resourceVersion}`
  /** `abd@6 cache`: the objects, the version of the list, and who answered. */
  const shown = async (query: string, path?: string): Promise<string> => {
    const answer = told(await list(query, path))
    return `${answer} ${server.requests.at(-1)!.servedFrom ?? ''}`.trim()
  }
  return { clock, server, list, shown, told }
}

const EXACT = 'resourceVersionMatch=Exact'
const NOT_OLDER = 'resourceVersionMatch=NotOlderThan'

describe.each(['1.31', '1.32', '1.33', '1.34', '1.35', '1.36', '1.37'] as const)('a list of %s', (release) => {
  const hasSnapshots = Number(release.slice(2)) >= 34
  const past = hasSnapshots ? 'snapshot' : 'storage'

  test.each([
    ['', 'abd@6 cache'],
    ['limit=2', 'ab@6 cache'],
    ['resourceVersion=0', 'abd@6 cache'],
    ['resourceVersion=0&limit=2', 'abd@6 cache'],
    [`resourceVersion=0&limit=2&${NOT_OLDER}`, 'abd@6 cache'],
    [`resourceVersion=3&${NOT_OLDER}`, 'abd@6 cache'],
    [`resourceVersion=3&limit=2&${NOT_OLDER}`, 'ab@6 cache'],
    ['resourceVersion=3', 'abd@6 cache'],
    ['resourceVersion=3&limit=9', `ab@3 ${past}`],
    [`resourceVersion=4&${EXACT}`, `abc@4 ${past}`],
    [`resourceVersion=5&limit=2&${EXACT}`, `ab@5 ${past}`],
    [`resourceVersion=6&${EXACT}`, `abd@6 ${past}`],
    [`resourceVersion=4&${EXACT}&fieldSelector=metadata.name%3Da`, `a@4 ${past}`],
  ])('by %j is %s', async (query, expected) => {
    const { shown } = await start({ release })
    expect(await shown(query)).toBe(expected)
  })

  test('goes on from a token at the version of its first page', async () => {
    const { server, list, shown } = await start({ release })
    const { metadata } = await list('limit=1')
    server.create(pods, pod({ name: 'e' }))
    expect(await shown(`continue=${metadata.continue}&limit=1`)).toBe(`b@6 ${past}`)
    expect(await shown(`continue=${metadata.continue}`)).toBe(`bd@6 ${past}`)
    // A cache ignores the limit at version 0, of every page.
    expect(await shown(`continue=${metadata.continue}&limit=1&resourceVersion=0`)).toBe(
      hasSnapshots ? 'bd@6 snapshot' : 'b@6 storage',
    )
  })

  test('goes on from the token of a 410 with what is there', async () => {
    const { server, list, shown } = await start({ release })
    const { metadata } = await list('limit=1')
    server.create(pods, pod({ name: 'e' }))
    server.compact()
    const gone = await list(`continue=${metadata.continue}`)
    expect([gone.code, server.requests.at(-1)!.servedFrom]).toEqual([410, undefined])
    expect(await shown(`continue=${gone.metadata.continue}`)).toBe(`bde@7 ${hasSnapshots ? 'cache' : 'storage'}`)
  })

  test('of one object by name at a version is never of a snapshot', async () => {
    const { shown } = await start({ release })
    const path = '/api/v1/namespaces/default/pods'
    const one = 'fieldSelector=metadata.name%3Da'
    expect(await shown(`resourceVersion=4&${EXACT}&${one}`, path)).toBe('a@4 storage')
    expect(await shown(`resourceVersion=4&limit=1&${one}`, path)).toBe('a@6 storage')
    expect(await shown(one, path)).toBe('a@6 cache')
  })

  test('of a version that is not reached waits for 3 s', async () => {
    const { clock, server, list } = await start({ release })
    const future = list(`resourceVersion=7&${NOT_OLDER}`)
    const never = list(`resourceVersion=99&${NOT_OLDER}`)
    const exact = list(`resourceVersion=7&${EXACT}`)
    await clock.advance(2000)
    server.create(pods, pod({ name: 'e' }))
    expect((await future).metadata.resourceVersion).toBe('7')
    await clock.advance(1000)
    expect(await never).toMatchObject({
      code: 504,
      message: 'Timeout: Too large resource version: 99, current: 7',
      details: { retryAfterSeconds: 1 },
    })
    if (hasSnapshots) expect((await exact).metadata.resourceVersion).toBe('7')
    else expect(await exact).toMatchObject({ code: 500, message: expect.stringContaining('is a future revision') })
    expect(clock.pending).toBe(0)
  })

  test('of events is of the storage, in pages whatever the version', async () => {
    const { clock, server, shown } = await start({ release })
    const events = resources.core.v1.events
    for (const name of ['x', 'y']) server.create(events, { metadata: { name } } as never)
    const path = '/api/v1/events'
    expect(await shown('', path)).toBe('xy@8 storage')
    expect(await shown('resourceVersion=0&limit=1', path)).toBe('x@8 storage')
    expect(await shown(`resourceVersion=7&${EXACT}`, path)).toBe('x@7 storage')
    expect(await shown(`resourceVersion=9&${NOT_OLDER}`, path)).toBe('504')
    server.faults.restart({ initializingMs: 1000 })
    await clock.advance(0) // for the connection that this has cut
    expect(await shown('', path)).toBe('xy@8 storage')
  })
})

describe('a list of a server that has fallen behind', () => {
  test('of the newest state is of the storage, after a wait; of any state at once of the cache', async () => {
    const { clock, server, list, shown, told } = await start()
    server.faults.fallBehind()
    server.create(pods, pod({ name: 'e' }))
    expect(await shown('resourceVersion=0')).toBe('abd@6 cache')
    expect(await shown(`resourceVersion=6&${NOT_OLDER}`)).toBe('abd@6 cache')
    const newest = list('')
    const atLeast = list(`resourceVersion=7&${NOT_OLDER}`)
    await clock.advance(3000)
    expect([told(await newest), (await atLeast).code]).toEqual(['abde@7', 504])
    expect(server.requests.at(-2)!.servedFrom).toBe('storage')
    server.faults.catchUp()
    expect(await shown('')).toBe('abde@7 cache')
  })

  test('is answered as soon as it has caught up', async () => {
    const { clock, server, told, list } = await start()
    server.faults.fallBehind({ byMs: 500, resource: pods })
    server.create(pods, pod({ name: 'e' }))
    const newest = list('')
    await clock.advance(499)
    expect(told(await list('resourceVersion=0'))).toBe('abd@6')
    await clock.advance(1)
    expect(told(await newest)).toBe('abde@7')
  })

  test('lets go of a wait whose client has gone', async () => {
    const { clock, server } = await start()
    const controller = new AbortController()
    const waiting = fetch(`${server.url}/api/v1/pods?resourceVersion=99`, { signal: controller.signal })
    const gone = expect(waiting).rejects.toThrow()
    await expect.poll(() => clock.pending).toBe(1)
    controller.abort()
    await gone
    await expect.poll(() => clock.pending).toBe(0)
  })
})

describe('a list of a server whose caches are being filled', () => {
  test.each([
    ['', '429'],
    ['resourceVersion=0', '429'],
    [`resourceVersion=5&${EXACT}`, '429'],
    ['limit=2', 'ab@6 storage'],
    ['limit=2&resourceVersion=0', 'ab@6 storage'],
    [`limit=2&resourceVersion=5&${EXACT}`, 'ab@5 storage'],
    ['limit=2&labelSelector=!x', '429'],
  ])('by %j is %s', async (query, expected) => {
    const { server, shown } = await start()
    server.faults.restart({ initializingMs: 60_000 })
    expect(await shown(query)).toBe(expected)
  })

  test('is to come again later and later, until they are ready', async () => {
    const { clock, server, list, shown } = await start()
    server.faults.restart({ initializingMs: 90_000 })
    expect(await list('')).toMatchObject({
      code: 429,
      reason: 'TooManyRequests',
      message: 'storage is (re)initializing',
      details: { retryAfterSeconds: 1 },
    })
    await clock.advance(40_000)
    expect((await list('')).details).toEqual({ retryAfterSeconds: 11 })
    await clock.advance(49_000)
    expect((await list('')).details).toEqual({ retryAfterSeconds: 30 })
    await clock.advance(1000)
    expect(await shown('')).toBe('abd@6 cache')
    expect(await shown(`resourceVersion=5&${EXACT}`), 'it remembers nothing').toBe('abcd@5 storage')
  })
})

describe('the past', () => {
  test('goes every five minutes, up to five minutes before', async () => {
    const { clock, server, shown } = await start({ release: '1.33' })
    await clock.advance(5 * 60_000)
    expect(await shown(`resourceVersion=4&${EXACT}`)).toBe('abc@4 storage')
    server.create(pods, pod({ name: 'e' }))
    await clock.advance(5 * 60_000 - 1)
    expect(await shown(`resourceVersion=4&${EXACT}`)).toBe('abc@4 storage')
    await clock.advance(1)
    expect(await shown(`resourceVersion=4&${EXACT}`)).toBe('410')
    expect(await shown(`resourceVersion=6&${EXACT}`)).toBe('abd@6 storage')
  })

  test('stays where it is told to', async () => {
    const { clock, shown } = await start({ compactionIntervalMs: 0 })
    await clock.advance(3600_000)
    expect(await shown(`resourceVersion=4&${EXACT}`)).toBe('abc@4 snapshot')
  })

  test('is answered from a snapshot while writes go on', async () => {
    const { server, shown } = await start()
    for (let i = 0; i < 90; i++) {
      server.edit(pods, 'default/a', (draft) => void (draft.metadata.labels = { i: String(i) }))
      expect(await shown(`resourceVersion=4&${EXACT}`)).toBe('abc@4 snapshot')
    }
  })
})
