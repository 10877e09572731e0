import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KubeConfig } from '@kubernetes/client-node'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { resources } from '../api/generated/index.ts'
import { customResource, metadataOnly } from '../api/resource.ts'
import { createInformer } from '../client.ts'
import { envelope, message } from '../decode/protobuf/wire.test-support.ts'
import { acceptHeader } from './negotiation.ts'

const { pods } = resources.core.v1
const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
/** A list in protobuf, as a real server sent it. */
const LIST = readFileSync(new URL('../../examples/data/pods.pb', import.meta.url))
const PROTOBUF = 'application/vnd.kubernetes.protobuf'

async function serve(listener: Parameters<typeof createServer>[1] & object): Promise<KubeConfig> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const kubeConfig = new KubeConfig()
  const { port } = server.address() as AddressInfo
  kubeConfig.loadFromClusterAndUser(
    { name: 'test', server: `http://127.0.0.1:${port}`, skipTLSVerify: false },
    { name: 'test' },
  )
  return kubeConfig
}

describe('what an informer asks for', () => {
  test('is protobuf first where the resource has it, and metadata alone by parameters', () => {
    expect(acceptHeader(pods, ['protobuf', 'json'], 'list')).toBe(`${PROTOBUF}, application/json`)
    expect(acceptHeader(metadataOnly(widgets), ['json'], 'watch')).toBe(
      'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    )
  })

  test('is JSON for a custom resource, and protobuf for its metadata', async () => {
    const accepts: (string | undefined)[] = []
    const kubeConfig = await serve((request, response) => {
      accepts.push(request.headers.accept)
      response.writeHead(404).end()
    })
    for (const resource of [widgets, metadataOnly(widgets), pods]) {
      const informer = createInformer(kubeConfig, resource, { onError: () => {} })
      informer.start()
      await vi.waitFor(() => expect(informer.status.attempts).toBeGreaterThan(0))
      await informer.stop()
    }
    const partial = ';as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
    expect([...new Set(accepts)]).toEqual([
      'application/json',
      `${PROTOBUF}${partial}, application/json${partial}`,
      `${PROTOBUF}, application/json`,
    ])
  })

  test('cannot be protobuf for a custom resource', () => {
    const kubeConfig = new KubeConfig()
    expect(() => createInformer(kubeConfig, widgets, { encoding: 'protobuf' })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
  })
})

describe('an answer in protobuf', () => {
  test('is synced and decoded as JSON would be', async () => {
    const kubeConfig = await serve((request, response) => {
      const isWatch = request.url!.includes('watch=true')
      response.writeHead(200, { 'content-type': isWatch ? `${PROTOBUF};stream=watch` : PROTOBUF })
      if (isWatch) response.flushHeaders()
      else response.end(LIST)
    })
    const informer = createInformer(kubeConfig, pods)
    onTestFinished(() => informer.stop())
    informer.start()
    await informer.synced()
    expect([...informer.store.keys()]).toEqual(['web/web-0', 'web/web-1', 'web/web-2'])
    expect(informer.status).toMatchObject({ encoding: 'protobuf', totalBytes: LIST.length, bytes: LIST.length })
    expect(informer.store.get('web/web-0')?.spec?.containers[0]?.name).toBe('main')
  })

  test('that is an error says what the server says', async () => {
    const status = message([
      [2, 'Failure'],
      [3, 'pods is forbidden: User "web" cannot list'],
      [4, 'Forbidden'],
      [6, 403],
    ])
    const kubeConfig = await serve((_request, response) => {
      response.writeHead(403, { 'content-type': PROTOBUF }).end(envelope('v1', 'Status', status))
    })
    const informer = createInformer(kubeConfig, pods, { onError: () => {} })
    onTestFinished(() => informer.stop())
    informer.start()
    await vi.waitFor(() =>
      expect(informer.status.lastError).toMatchObject({ code: 'ERR_FORBIDDEN', reason: 'Forbidden' }),
    )
    expect(informer.status.lastError?.message).toContain('User "web" cannot list')
  })
})
