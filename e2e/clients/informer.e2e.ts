import { createInterface } from 'node:readline'
import { once } from 'node:events'
import type { KubeConfig } from '@kubernetes/client-node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { resources } from '../../src/index.ts'
import { generatePods, pod, TestApiServer } from '../../src/testing/index.ts'
import { say } from '../support/say.ts'
import { buildsClients } from './build-clients.ts'
import { GoClient } from './go-client.ts'

const PODS = 300
const { pods } = resources.core.v1

interface Line {
  readonly type: 'synced' | 'add' | 'update' | 'delete' | 'error'
  readonly keys?: readonly string[]
  readonly key?: string
  readonly note?: string
  readonly message?: string
}

const combinations = (['json', 'protobuf'] as const).flatMap((encoding) =>
  (['LIST', 'watch-list'] as const).map((beginsWith) => ({ encoding, beginsWith })),
)

describe.skipIf(!buildsClients())('an informer of client-go on TestApiServer', () => {
  test.each(combinations)('syncs by $beginsWith in $encoding and follows', async ({ encoding, beginsWith }) => {
    await using server = await TestApiServer.start({ objects: [...generatePods(PODS)] })
    const client = await GoClient.open(server.kubeConfig() as KubeConfig)
    onTestFinished(() => client[Symbol.asyncDispose]())
    const informer = client.informer(encoding, beginsWith)
    const heard = createInterface({ input: informer.stdout })[Symbol.asyncIterator]()
    const next = async (): Promise<Line> => JSON.parse((await heard.next()).value ?? '{"type":"ended"}') as Line

    const synced = await next()
    expect(synced.type).toBe('synced')
    const keys = server.list(pods).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    expect(synced.keys?.toSorted()).toEqual(keys.toSorted())
    const verbs = server.requests.filter(({ path }) => path === '/api/v1/pods').map(({ verb }) => verb)
    expect(verbs.includes('list')).toBe(beginsWith === 'LIST')

    const key = 'default/written'
    const write = (note: string): unknown =>
      server.edit(pods, key, (draft) => void (draft.metadata.annotations = { note }))
    server.create(pods, pod({ name: 'written' }))
    expect(await next()).toEqual({ type: 'add', key })
    write('one')
    expect(await next()).toEqual({ type: 'update', key, note: 'one' })

    server.faults.dropWatches()
    write('two')
    expect(await next()).toEqual({ type: 'update', key, note: 'two' })

    server.faults.dropWatches({ reset: true })
    server.delete(pods, key)
    expect(await next()).toEqual({ type: 'delete', key, note: 'two' })

    informer.stdin.end()
    expect(await once(informer, 'exit')).toEqual([0, null])
    say(`client-go informer, ${beginsWith}, ${encoding}: ${PODS} pods synced, 2 dropped watches survived`)
  })
})
