import { describe, expect, onTestFinished, test } from 'vitest'
import { createEventRecorder } from '../src/controller/index.ts'
import { createWriter, type KubeflumeError, resources } from '../src/index.ts'
import { buildsClients } from './clients/build-clients.ts'
import { GoClient } from './clients/go-client.ts'
import { usesExistingCluster } from './support/cluster.ts'
import { createNamespaces } from './support/namespaces.ts'
import { ownControlPlane } from './support/own-control-plane.ts'
import { say } from './support/say.ts'

const { configmaps, nodes } = resources.core.v1

describe.skipIf(usesExistingCluster() || !buildsClients())('the events of a recorder', () => {
  test('are what kubectl describe and kubectl events show', async () => {
    const controlPlane = await ownControlPlane()
    const config = controlPlane.kubeConfig()
    const [namespace] = await createNamespaces(config, 1)
    const kubectl = await GoClient.open(config)
    onTestFinished(() => kubectl[Symbol.asyncDispose]())
    const errors: KubeflumeError[] = []
    const recorder = createEventRecorder(config, {
      controller: 'example.com/operator',
      onError: (error) => void errors.push(error),
    })
    onTestFinished(() => recorder.close())
    const map = await createWriter(config, configmaps).create({ metadata: { namespace, name: 'settings' } })
    const node = await createWriter(config, nodes).create({ metadata: { name: 'node-1' } })
    recorder.event(map, { type: 'Normal', reason: 'Copied', action: 'Copy', note: 'it is copied', related: node })
    for (let time = 0; time < 3; time++) {
      recorder.event(map, { type: 'Warning', reason: 'Refused', action: 'Copy', note: `€ ${'long '.repeat(500)}` })
      await recorder.flush()
    }
    recorder.event(node, { type: 'Normal', reason: 'Seen', action: 'Look', note: 'it is there' })
    await recorder.flush()
    expect(errors).toEqual([])

    const described = await kubectl.kubectl(['describe', 'configmap', 'settings', '-n', namespace!])
    expect(described.stdout).toMatch(/Normal +Copied .*example\.com\/operator.* it is copied/)
    expect(described.stdout).toMatch(/Warning +Refused .*\(x3 over .*example\.com\/operator.* € long long/)
    const listed = await kubectl.kubectl(['events', '-n', namespace!, '--for', 'configmap/settings'])
    expect(listed.stdout).toMatch(/\(x3 over .*Warning +Refused +ConfigMap\/settings +€ long/)
    const ofNode = await kubectl.kubectl(['describe', 'node', 'node-1'])
    expect(ofNode.stdout).toMatch(/Normal +Seen .* it is there/)
    say(`kubectl shows the events of a recorder: ${/Warning +Refused.{20}/.exec(described.stdout)?.[0]}…`)
  })
})
