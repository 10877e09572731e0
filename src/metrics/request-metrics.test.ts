import { expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import { createWriter } from '../client.ts'
import { createRig, followingRig, kubeConfigOf, webPods } from '../informer/informer.test-support.ts'
import { meteredRegistry } from './metrics.test-support.ts'

test('the metrics of requests count reads and writes by method and status, and measure all but watches', async () => {
  const { scrape } = meteredRegistry()
  const rig = await followingRig({ objects: webPods('a') })
  const host = new URL(rig.server.url).host
  const writer = createWriter(rig.kubeConfig, resources.core.v1.configmaps)
  await writer.create({ metadata: { namespace: 'default', name: 'one' } })
  await expect(writer.create({ metadata: { namespace: 'default', name: 'one' } })).rejects.toThrow('already exists')
  const nobody = createWriter(kubeConfigOf({ url: 'http://127.0.0.1:1' }), resources.core.v1.configmaps)
  await expect(nobody.delete('default/one')).rejects.toMatchObject({ code: 'ERR_UNREACHABLE' })
  const seen = await scrape()
  expect(seen.of('rest_client_requests_total')).toEqual({
    [`{code="200",method="GET",host="${host}"}`]: 2,
    [`{code="201",method="POST",host="${host}"}`]: 1,
    [`{code="409",method="POST",host="${host}"}`]: 1,
    '{code="<error>",method="DELETE",host="127.0.0.1:1"}': 1,
  })
  expect(seen.of('rest_client_request_duration_seconds_count')).toEqual({
    [`{verb="GET",host="${host}"}`]: 1,
    [`{verb="POST",host="${host}"}`]: 2,
    '{verb="DELETE",host="127.0.0.1:1"}': 1,
  })
})

test('the metrics of requests count one that is sent again with new credentials as two', async () => {
  const { scrape } = meteredRegistry()
  const rig = await createRig({ before: ({ faults }) => faults.answer({ verb: 'list', status: 401 }) })
  await rig.following()
  const counts = Object.entries((await scrape()).of('rest_client_requests_total'))
  expect(counts.map(([labels, count]) => [/code="(.*?)"/.exec(labels)![1], count])).toEqual([
    ['401', 1],
    ['200', 2],
  ])
  expect(rig.errors).toEqual([])
})
