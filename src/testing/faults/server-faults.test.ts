import { request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { ManualClock } from '../manual-clock.ts'
import { pod } from '../pods.ts'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'

const { pods, nodes } = resources.core.v1
const MINUTE = 60_000
const WATCH_LIST = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
const EXACT = 'resourceVersionMatch=Exact'

/** Pods a, b and c, of versions 2 to 4. */
async function start(options: TestApiServerOptions = {}) {
  const clock = new ManualClock()
  const objects = ['a', 'b', 'c'].map((name) => pod({ name }))
  const server = await TestApiServer.start({ clock, objects, freshnessTimeoutMs: 0, ...options })
  onTestFinished(async () => {
    await server.stop()
    expect(clock.pending, 'timers left').toBe(0)
  })
  const get = (query: string, path = '/api/v1/pods') => {
    const answer = { text: '', status: 0, code: '', isOver: false }
    const { promise, resolve } = Promise.withResolvers<typeof answer>()
    const end = (error?: NodeJS.ErrnoException): void => {
      Object.assign(answer, { isOver: true, code: error?.code ?? '' })
      resolve(answer)
    }
    request(`${server.url}${path}?${query}`, { agent: false })
      .on('response', (response) => {
        answer.status = response.statusCode ?? 0
        response.setEncoding('utf8').on('data', (text: string) => (answer.text += text))
        response.on('end', () => end()).on('error', end)
      })
      .on('error', end)
      .end()
    return Object.assign(answer, { ended: promise })
  }
  /** `abc@4 cache`, or the status. */
  const list = async (query = '', path?: string): Promise<string> => {
    const { text, status } = await get(query, path).ended
    if (status !== 200) return String(status)
    const { items, metadata } = JSON.parse(text) as {
      items: { metadata: { name: string } }[]
      metadata: { resourceVersion: string }
    }
    const names = items.map((item) => item.metadata.name).join('')
    return `${names}@${metadata.resourceVersion} ${server.requests.at(-1)!.servedFrom}`
  }
  const events = ({ text }: { text: string }): string[] =>
    text.split('\n').flatMap((line) => /"type":"(\w+)"/.exec(line)?.[1] ?? [])
  return { clock, server, get, list, events }
}

describe('replicas', () => {
  test('answer in turn, each what it knows, and watches stay with theirs', async () => {
    const { clock, server, get, list, events } = await start()
    server.faults.useReplicas(2)
    server.faults.fallBehind({ replica: 1 })
    server.delete(pods, 'default/a')
    expect(await list('resourceVersion=0')).toBe('bc@5 cache')
    expect(await list('resourceVersion=0')).toBe('abc@4 cache')
    expect(await list(`resourceVersion=5&${EXACT}`)).toBe('bc@5 snapshot')
    expect(await list(`resourceVersion=5&${EXACT}`)).toBe('504')
    const [first, second] = [get('watch=true&resourceVersion=4'), get('watch=true&resourceVersion=4')]
    await clock.advance(0)
    expect([events(first), events(second)]).toEqual([['DELETED'], []])
    server.delete(pods, 'default/b')
    server.faults.catchUp({ replica: 1 })
    await clock.advance(0)
    expect([events(first), events(second)]).toEqual([
      ['DELETED', 'DELETED'],
      ['DELETED', 'DELETED'],
    ])
  })

  test('remember the same, until one of them restarts', async () => {
    const { clock, server, get, list } = await start()
    server.delete(pods, 'default/a')
    server.faults.useReplicas(2)
    expect([await list(`resourceVersion=4&${EXACT}`), await list(`resourceVersion=4&${EXACT}`)]).toEqual([
      'abc@4 snapshot',
      'abc@4 snapshot',
    ])
    const [stays, ends] = [get('watch=true&resourceVersion=5'), get('watch=true&resourceVersion=5')]
    await clock.advance(0)
    server.faults.restart({ replica: 1 })
    await ends.ended
    expect([stays.isOver, ends.code]).toEqual([false, ''])
    expect([await list(`resourceVersion=4&${EXACT}`), await list(`resourceVersion=4&${EXACT}`)]).toEqual([
      'abc@4 snapshot',
      'abc@4 storage',
    ])
  })

  test('are one again after clear: the others take their watches with them', async () => {
    const { clock, server, get, list } = await start()
    server.faults.useReplicas(3)
    server.faults.fallBehind()
    server.faults.restart({ replica: 0, initializingMs: MINUTE })
    const watches = [get('watch=true'), get('watch=true'), get('watch=true')]
    await clock.advance(0)
    server.delete(pods, 'default/a')
    expect(watches.map(({ status }) => status)).toEqual([429, 200, 200])
    server.faults.clear()
    await Promise.all(watches.map(({ ended }) => ended))
    for (let i = 0; i < 2; i++) expect(await list('resourceVersion=0')).toBe('bc@5 cache')
    expect(() => server.faults.useReplicas(0)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('that fall behind by a time learn nothing of a past that a restore has taken back', async () => {
    const { clock, server, list } = await start({ compactionIntervalMs: 5000 })
    server.faults.fallBehind({ byMs: 1000 })
    server.delete(pods, 'default/a')
    server.faults.restoreStorage('4')
    await clock.advance(1000)
    expect(await list('resourceVersion=0')).toBe('abc@4 cache')
    server.delete(pods, 'default/b')
    await clock.advance(1000)
    expect(await list('resourceVersion=0')).toBe('ac@5 cache')
  })

  test('forget up to where the storage stands, not up to where it stood before a restore', async () => {
    const { clock, server, list } = await start({ compactionIntervalMs: 5000 })
    server.delete(pods, 'default/a')
    await clock.advance(5000)
    expect(await list('resourceVersion=0')).toBe('bc@5 cache')
    server.faults.restoreStorage('4')
    await clock.advance(5000)
    expect(await list('resourceVersion=4&resourceVersionMatch=Exact')).toMatch('abc@4')
  })

  test('may fall behind by a time, in one resource only', async () => {
    const { clock, server, list } = await start()
    server.faults.fallBehind({ resource: pods, byMs: 1000 })
    server.delete(pods, 'default/a')
    server.create(nodes, { metadata: { name: 'n' } })
    expect(await list('resourceVersion=0', '/api/v1/nodes')).toBe('n@6 cache')
    await clock.advance(999)
    expect(await list('resourceVersion=0')).toBe('abc@4 cache')
    await clock.advance(1)
    expect(await list('resourceVersion=0')).toBe('bc@6 cache')
    server.faults.clear()
    server.delete(pods, 'default/b')
    expect(await list('resourceVersion=0')).toBe('c@7 cache')
  })
})

describe('a cache that is wrong', () => {
  const edit = (draft: { metadata: { resourceVersion: string } }): void => {
    draft.metadata.resourceVersion = '3000'
  }
  test.each<[string, (server: TestApiServer) => void, string]>([
    [
      'for what was written behind it',
      (server) => server.faults.writeBehindCaches(() => server.delete(pods, 'default/a')),
      'a2 b3 c4 d5',
    ],
    ['for an object that it has lost', (server) => server.faults.corruptCaches(pods, 'default/b'), 'a2 c4 d5'],
    ['for one of another version', (server) => server.faults.corruptCaches(pods, 'default/b', edit), 'a2 b3000 c4 d5'],
  ])('is found out %s, and mended', async (_, breakIt, wrong) => {
    const { clock, server, get, list } = await start()
    server.create(pods, pod({ name: 'd' }))
    expect(await list(`resourceVersion=4&${EXACT}`)).toBe('abc@4 snapshot')
    breakIt(server)
    const watch = get('watch=true&resourceVersion=5')
    const { items } = JSON.parse((await get('').ended).text) as { items: ReturnType<typeof server.list> }
    const right = server.list(pods).map(({ metadata }) => metadata.name)
    expect(items.map(({ metadata }) => `${metadata.name}${metadata.resourceVersion}`).join(' ')).toBe(wrong)
    await clock.advance(5 * MINUTE - 1)
    expect(watch.isOver).toBe(false)
    await clock.advance(1)
    await watch.ended
    expect(watch.code, 'its watches end').toBe('')
    expect(await list()).toContain(`${right.join('')}@`)
    expect(await list(`resourceVersion=4&${EXACT}`), 'no snapshots').toBe('abc@4 storage')
    server.create(pods, pod({ name: 'e' }))
    const { resourceVersion } = server.get(pods, 'default/e')!.metadata
    expect(await list(`resourceVersion=${resourceVersion}&${EXACT}`)).toContain('storage')
    await clock.advance(5 * MINUTE)
    server.create(pods, pod({ name: 'f' }))
    expect(await list(), 'the next check finds it good').toContain('cache')
    server.create(pods, pod({ name: 'g' }))
    const later = server.get(pods, 'default/g')!.metadata.resourceVersion
    expect(await list(`resourceVersion=${later}&${EXACT}`)).toContain('snapshot')
  })

  test('stays wrong before 1.34, and where only the contents of an object differ', async () => {
    for (const release of ['1.33', '1.36'] as const) {
      const { clock, server, get } = await start({ release })
      server.faults.corruptCaches(pods, 'default/b', (draft) => void (draft.metadata.labels = { wrong: 'yes' }))
      if (release === '1.33') server.faults.corruptCaches(pods, 'default/c')
      await clock.advance(20 * MINUTE)
      const { text } = await get('').ended
      expect([text.includes('"wrong"'), text.includes('"name":"c"')]).toEqual([true, release === '1.36'])
      expect(server.get(pods, 'default/b')!.metadata.labels).toBeUndefined()
    }
  })

  test('tells its watchers nothing of what it does not know', async () => {
    const { clock, server, get, events } = await start()
    const watch = get('watch=true&resourceVersion=4')
    await clock.advance(0)
    server.faults.writeBehindCaches(() => server.delete(pods, 'default/a'))
    server.delete(pods, 'default/b')
    await clock.advance(0)
    expect(events(watch)).toEqual(['DELETED'])
    expect(server.list(pods)).toHaveLength(1)
    expect(() => server.faults.corruptCaches(pods, 'default/none')).toThrow(expect.objectContaining({ status: 404 }))
  })
})

describe('a watch-list', () => {
  test('never has its end, nor another bookmark', async () => {
    const { clock, server, get, events } = await start()
    server.faults.withholdInitialEventsEnd()
    const watch = get(WATCH_LIST)
    await clock.advance(10 * MINUTE)
    expect(events(watch)).toEqual(['ADDED', 'ADDED', 'ADDED'])
    const next = get(WATCH_LIST)
    await clock.advance(0)
    expect(events(next)).toEqual(['ADDED', 'ADDED', 'ADDED', 'BOOKMARK'])
  })

  test('is refused for one resource', async () => {
    const { server, get } = await start()
    server.faults.refuseWatchLists({ resource: pods, times: Infinity })
    for (let i = 0; i < 2; i++) {
      const { status, text } = await get(WATCH_LIST).ended
      expect(status).toBe(422)
      expect(text).toContain('sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled')
    }
    expect((await get('').ended).status).toBe(200)
    const other = get(WATCH_LIST, '/api/v1/nodes')
    await expect.poll(() => other.status).toBe(200)
    server.faults.clear()
    const again = get(WATCH_LIST)
    await expect.poll(() => again.status).toBe(200)
  })
})

describe('garbage in a list', () => {
  test.each([
    [0, '"items":[?!{"metadata"'],
    [2, '}?!,{"metadata":{"name":"c"'],
    [9, '}?!]}\n'],
  ])('comes after %d items', async (afterItems, expected) => {
    const { server, get } = await start()
    server.faults.garbleList({ afterItems, text: '?!' })
    expect((await get('').ended).text).toContain(expected)
    expect((await get('').ended).text).not.toContain('?!')
  })
})

describe('connections', () => {
  test('are reset, those that wait for an answer and those that watch', async () => {
    const { clock, server, get } = await start({ freshnessTimeoutMs: 3000 })
    const [watch, waiting] = [get('watch=true&resourceVersion=4'), get('resourceVersion=99')]
    await expect.poll(() => server.requests.length).toBe(2)
    await clock.advance(0)
    server.faults.resetConnections()
    expect((await Promise.all([watch.ended, waiting.ended])).map(({ code }) => code)).toEqual([
      'ECONNRESET',
      'ECONNRESET',
    ])
  })
})

describe('a compaction of the storage', () => {
  test('takes the states before a version, and the snapshots of them', async () => {
    const { server, list } = await start()
    for (const name of ['a', 'b', 'c']) server.delete(pods, `default/${name}`)
    server.faults.compactStorage('6')
    expect(await list(`resourceVersion=5&${EXACT}`)).toBe('410')
    expect(await list(`resourceVersion=6&${EXACT}`)).toBe('c@6 snapshot')
    server.faults.restart()
    expect(await list(`resourceVersion=6&${EXACT}`)).toBe('c@6 storage')
    expect(() => server.faults.restoreStorage('5')).toThrow(expect.objectContaining({ status: 410 }))
    expect(() => server.faults.restoreStorage('five')).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    expect(() => server.faults.compactStorage('five')).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})
