import { expect, test } from 'vitest'
import { createHealth } from '../health/health.ts'
import { ElectionRig } from '../leader-elector.test-support.ts'
import { meteredRegistry } from './metrics.test-support.ts'

test('the metrics of an elector say whether it leads, for as long as it stands', async () => {
  const { scrape } = meteredRegistry()
  const rig = await ElectionRig.start()
  const { lead, elector } = await rig.leader()
  expect((await scrape()).of('leader_election_master_status')).toEqual({ '{name="web/operator"}': 1 })
  expect((await scrape()).of('rest_client_requests_total')).toMatchObject({
    [`{code="201",method="POST",host="${new URL(rig.server.url).host}"}`]: 1,
  })
  rig.server.faults.answer({ status: 500, times: 1000 })
  await rig.clock.advance(15_000)
  expect((await scrape()).of('leader_election_master_status')).toEqual({ '{name="web/operator"}': 0 })
  const health = createHealth({ elector })
  await rig.clock.advance(15_000)
  expect(health.healthz().healthy).toBe(true)
  await rig.clock.advance(1000)
  expect(health.healthz().healthy).toBe(false)
  lead.resolve()
  await rig.settle()
  expect((await scrape()).of('leader_election_master_status')).toEqual({})
})
