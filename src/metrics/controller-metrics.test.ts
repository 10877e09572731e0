import { expect, test } from 'vitest'
import { ControllerRig } from '../controller/controller.test-support.ts'
import { terminal } from '../controller/terminal.ts'
import { meteredRegistry } from './metrics.test-support.ts'

const QUEUE = '{name="test",controller="test"}'
const CONTROLLER = '{controller="test"}'

test('the metrics of a controller count its runs by result, and what becomes of them', async () => {
  const { scrape } = meteredRegistry()
  const rig = await ControllerRig.start()
  const outcomes: { [key: string]: () => Promise<{ requeueAfterMs?: number } | void> } = {
    'web/a': () => Promise.reject(terminal('never')),
    'web/b': () => Promise.reject(new Error('later')),
    'web/c': () => Promise.resolve({ requeueAfterMs: 60_000 }),
    'web/d': () => Promise.resolve(),
  }
  const controller = rig.controller({ reconcile: ({ key }) => outcomes[key]!() })
  controller.start()
  controller.enqueue('web/c')
  controller.enqueue('web/d')
  await rig.settled()
  const seen = await scrape()
  expect(seen.of('controller_runtime_reconcile_total')).toEqual({
    '{controller="test",result="error"}': 2,
    '{controller="test",result="requeue_after"}': 1,
    '{controller="test",result="success"}': 1,
  })
  expect(seen.of('controller_runtime_reconcile_errors_total')).toEqual({ [CONTROLLER]: 2 })
  expect(seen.of('controller_runtime_terminal_reconcile_errors_total')).toEqual({ [CONTROLLER]: 1 })
  expect(seen.of('workqueue_adds_total')).toEqual({ [QUEUE]: 4 })
  expect(seen.of('workqueue_retries_total')).toEqual({ [QUEUE]: 1 })
  expect(seen.of('kubeflume_controller_failing_keys')).toEqual({ [CONTROLLER]: 1 })
  expect(seen.of('workqueue_queue_duration_seconds_count')).toEqual({ [QUEUE]: 4 })
  expect(seen.of('controller_runtime_reconcile_time_seconds_count')).toEqual({ [CONTROLLER]: 4 })
  await controller.stop()
})

test('the metrics of a controller say what waits, what runs and for how long, and nothing after its stop', async () => {
  const { scrape } = meteredRegistry()
  const rig = await ControllerRig.start()
  const release = Promise.withResolvers<void>()
  const controller = rig.controller({ concurrency: 2, reconcile: () => release.promise })
  controller.start()
  await rig.until(() => rig.runs.length === 2)
  controller.enqueue('web/c')
  await rig.clock.advance(1500)
  const seen = await scrape()
  expect(seen.of('controller_runtime_reconcile_errors_total')).toEqual({ [CONTROLLER]: 0 })
  expect(seen.value('controller_runtime_reconcile_total{controller="test",result="error"}')).toBe(0)
  expect(seen.of('workqueue_depth')).toEqual({ [QUEUE]: 1 })
  expect(seen.of('workqueue_unfinished_work_seconds')).toEqual({ [QUEUE]: 3 })
  expect(seen.of('workqueue_longest_running_processor_seconds')).toEqual({ [QUEUE]: 1.5 })
  expect(seen.of('controller_runtime_active_workers')).toEqual({ [CONTROLLER]: 2 })
  expect(seen.of('controller_runtime_max_concurrent_reconciles')).toEqual({ [CONTROLLER]: 2 })
  release.resolve()
  await rig.settled()
  expect((await scrape()).of('workqueue_work_duration_seconds_sum')).toEqual({ [QUEUE]: 3 })
  await controller.stop()
  expect((await scrape()).of('workqueue_depth')).toEqual({})
})
