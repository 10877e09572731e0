import { KubeConfig } from '@kubernetes/client-node'
import { expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import { createInformer } from '../client.ts'
import { ManualClock } from '../testing/index.ts'

test('a subscription with a resync sets no timer while its informer does not run', async () => {
  const clock = new ManualClock()
  const informer = createInformer(new KubeConfig(), resources.core.v1.pods, { clock, onError: () => {} })
  informer.subscribe({}, { resyncPeriodMs: 60_000 })
  expect(clock.pending).toBe(0)
  informer.start()
  expect(clock.pending).toBeGreaterThan(0)
  await informer.stop()
  informer.subscribe({}, { resyncPeriodMs: 60_000 })
  expect(clock.pending).toBe(0)
})
