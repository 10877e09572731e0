import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { resources } from './api/generated/index.ts'
import { createInformer } from './client.ts'
import { kubeConfigOf, openSockets, shown, webPods } from './informer/informer.test-support.ts'
import { ManualClock } from './testing/manual-clock.ts'
import { TestApiServer } from './testing/server.ts'

const { pods, nodes } = resources.core.v1

async function startServer() {
  const clock = new ManualClock()
  const server = await TestApiServer.start({ clock, objects: webPods('a') })
  onTestFinished(() => server.stop())
  const until = async (holds: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 400 && !holds(); turn++) await clock.advance(0)
    if (!holds())
      throw new Error(`it never came to ${String(holds)}; requests: ${server.requests.map(shown).join(', ')}`)
  }
  return { clock, server, until }
}

describe('createInformer', () => {
  test('follows a server through a KubeConfig of client-node', async () => {
    const { clock, server, until } = await startServer()
    const informer = createInformer(server.kubeConfig(), pods, { clock })
    onTestFinished(() => informer.stop())
    informer.start()
    await informer.synced()
    expect(informer.store.get('web/a')?.spec?.containers[0]?.name).toBe('main')
    server.delete(pods, 'web/a')
    await until(() => informer.store.size === 0)
    expect(server.requests.map(shown)).toEqual(['LIST', 'WATCH rv=2'])
  })

  test('keeps the connections of a shared KubeConfig, and closes them with the last informer', async () => {
    const { clock, server, until } = await startServer()
    const kubeConfig = kubeConfigOf(server)
    const informers = [pods, nodes].map((resource) => createInformer(kubeConfig, resource as typeof pods, { clock }))
    for (const informer of informers) informer.start()
    await until(() => informers.every(({ status }) => status.phase === 'watching'))
    await informers[0]!.stop()
    expect(openSockets()).toBeGreaterThan(0)
    server.create(nodes, { metadata: { name: 'n' } })
    await until(() => informers[1]!.store.size === 1)
    await informers[1]!.stop()
    await until(() => openSockets() === 0)
    expect(clock.pending).toBe(0)
  })

  test('asks its KubeConfig for credentials at each request, and shows none of them', async () => {
    const { clock, server, until } = await startServer()
    let asked = 0
    const kubeConfig = {
      ...kubeConfigOf(server),
      applySecurityAuthentication: (context: { setHeaderParam(name: string, value: string): void }) => {
        context.setHeaderParam('Authorization', `Bearer very-secret-${asked++}`)
        return Promise.resolve()
      },
    }
    const errors: unknown[] = []
    server.faults.answer({ verb: 'list', status: 403, message: 'Bearer very-secret-0 is not allowed', times: 1 })
    const informer = createInformer(kubeConfig, pods, { clock, onError: (error) => errors.push(error) })
    onTestFinished(() => informer.stop())
    informer.start()
    await until(() => errors.length === 1)
    await clock.advance(800)
    await until(() => informer.status.phase === 'watching')
    expect(asked).toBe(3)
    const everything = inspect([errors, informer, informer.status], { depth: 10, showHidden: true })
    expect(everything + JSON.stringify(errors)).not.toContain('very-secret')
  })
})

describe('an informer without onError', () => {
  test('warns of what it survives', async () => {
    const warnings: unknown[] = []
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(warning))
    onTestFinished(() => warn.mockRestore())
    const { clock, server, until } = await startServer()
    server.faults.answer({ status: 403 })
    const informer = createInformer(kubeConfigOf(server), pods, { clock })
    onTestFinished(() => informer.stop())
    informer.start()
    await until(() => warnings.length === 1)
    expect(warnings).toMatchObject([{ name: 'ApiError', code: 'ERR_FORBIDDEN' }])
  })
})
