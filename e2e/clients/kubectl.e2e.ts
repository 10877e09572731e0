import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { resources } from '../../src/index.ts'
import { TestApiServer } from '../../src/testing/index.ts'
import { ControlPlane } from '../support/control-plane.ts'
import { contractReleases } from '../contract/releases.ts'
import { buildsClients } from './build-clients.ts'
import { GoClient, type Said } from './go-client.ts'
import { FILES } from './manifests.ts'

const release = contractReleases().find((one) => one.release === '1.36')

/** A session of somebody who uses kubectl, in one namespace; each command finds what the ones before it left. */
const SESSION: readonly string[] = [
  'create namespace shop',
  'apply -n shop -f shop.yaml',
  'apply -n shop -f shop.yaml',
  'get -n shop pods,services,configmaps,deployments',
  'get -n shop pods -o wide',
  'get -n shop services -o wide',
  'get -n shop deployments -o wide',
  'get -n shop configmaps settings -o yaml',
  'get -n shop configmaps settings -o json',
  'get -n shop configmaps -o name',
  'get -n shop pod web -o jsonpath={.spec}',
  'get -n shop pods -l app=shop --show-labels',
  'get -n shop pods --field-selector metadata.name=web',
  'get -n shop pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[0].image',
  'get -n shop pods -o jsonpath={.items[*].metadata.name}',
  'get -n shop pod nobody',
  'get -n shop gadgets',
  'get -n shop deploy/web svc/web',
  'get namespaces shop',
  'describe -n shop configmap settings',
  'describe -n shop pod web',
  'describe namespace shop',
  'describe -n shop service web',
  'label -n shop configmap settings color=red',
  'label -n shop configmap settings color=blue',
  'label -n shop configmap settings color=blue --overwrite',
  'label -n shop configmap settings color-',
  'annotate -n shop pod web note=one',
  'get -n shop pod web -o jsonpath={.metadata.annotations.note}',
  'patch -n shop configmap settings -p {"data":{"a":"2"}}',
  'patch -n shop configmap settings --type merge -p {"data":{"b":null}}',
  'patch -n shop configmap settings --type json -p [{"op":"add","path":"/data/c","value":"3"}]',
  'get -n shop configmaps settings -o jsonpath={.data}',
  'apply -n shop -f changed.yaml',
  'get -n shop configmaps settings -o jsonpath={.data}',
  'apply -n shop --server-side -f applied.yaml',
  'apply -n shop --server-side -f applied.yaml',
  'get -n shop configmaps applied -o jsonpath={.data}',
  'diff -n shop -f changed.yaml',
  'scale -n shop deployment web --replicas=5',
  'get -n shop deployment web -o jsonpath={.spec.replicas}',
  'set image -n shop deployment web main=registry.example/shop:2',
  'get -n shop deployment web -o jsonpath={.spec.template.spec.containers[*].image}',
  'rollout history -n shop deployment web',
  'create -n shop configmap made --from-literal=x=1',
  'create -n shop configmap made --from-literal=x=1',
  'create -n shop secret generic hidden --type=Opaque --from-literal=password=none',
  'get -n shop secrets',
  'describe -n shop secret hidden',
  'create -n shop serviceaccount robot',
  'create -n shop role reader --verb=get --resource=pods',
  'get -n shop roles,serviceaccounts',
  'create -n shop -f pod.yaml --dry-run=server -o name',
  'create -n shop -f pod.yaml',
  'replace -n shop -f changed.yaml',
  'wait -n shop --for=jsonpath={.data.a}=9 configmap/settings --timeout=5s',
  'delete -n shop pod single',
  'delete -n shop configmap made',
  'delete -n shop configmap made',
  'delete -n shop configmap nobody --ignore-not-found',
  'delete -n shop configmaps -l app=shop',
  'get -n shop configmaps',
  'apply -f kind.yaml',
  'wait --for=condition=Established crd/widgets.kubectl.example.com --timeout=10s',
  'apply -n shop -f widget.yaml',
  'get -n shop widgets',
  'get -n shop wd -o wide',
  'describe -n shop widget one',
  'patch -n shop widget one --type merge -p {"spec":{"size":9}}',
  'get -n shop widgets.kubectl.example.com one -o jsonpath={.spec.size}',
  'delete -n shop widget one',
  'delete crd widgets.kubectl.example.com',
  'auth can-i list pods',
]

describe.skipIf(!buildsClients() || release === undefined)('kubectl', () => {
  let real: ControlPlane
  let ours: TestApiServer
  let onReal: GoClient
  let onOurs: GoClient

  beforeAll(async () => {
    ;[real, ours] = await Promise.all([ControlPlane.start({ version: release!.version }), TestApiServer.start()])
    onReal = await GoClient.open(real.kubeConfig())
    onOurs = await GoClient.open(ours.kubeConfig() as KubeConfig)
    for (const { folder } of [onReal, onOurs]) {
      for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
    }
  })

  afterAll(async () => {
    await Promise.all([onReal?.[Symbol.asyncDispose](), onOurs?.[Symbol.asyncDispose]()])
    await Promise.all([real?.stop(), ours?.stop()])
  })

  describe('says the same on TestApiServer and on kube-apiserver to', () => {
    test.each(SESSION.map((command, index) => ({ command, number: index + 1 })))(
      '$number: $command',
      async ({ command }) => {
        const [expected, said] = await Promise.all([onReal, onOurs].map((client) => run(client, command)))
        expect(said).toEqual(expected)
      },
    )
  })

  test('explain names the type of a field', async () => {
    const { stdout } = await onOurs.kubectl(['explain', 'configmap.data'])
    expect(stdout).toContain('FIELD: data <map[string]string>')
  })

  test('get -w hears of what is created, changed and deleted', async () => {
    const { pods } = resources.core.v1
    const child = onOurs.startKubectl(['get', 'pods', '-w', '--no-headers', '-o', 'name'])
    onTestFinished(() => void child.kill())
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const next = async (): Promise<unknown> => (await lines.next()).value
    ours.create(pods, { metadata: { name: 'watched', namespace: 'default' }, spec: { containers: [] } } as never)
    expect(await next()).toBe('pod/watched')
    ours.edit(pods, 'default/watched', (draft) => void (draft.metadata.labels = { a: 'b' }))
    expect(await next()).toBe('pod/watched')
    ours.delete(pods, 'default/watched')
    expect(await next()).toBe('pod/watched')
    child.kill()
    await once(child, 'exit')
  })

  test('api-resources names the kinds that everybody uses', async () => {
    const { stdout } = await onOurs.kubectl(['api-resources', '--no-headers'])
    const lines = new Set(stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim()))
    const expected = await onReal.kubectl(['api-resources', '--no-headers'])
    const wanted = expected.stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim())
    const common = wanted.filter((line) =>
      /^(pods|services|deployments|configmaps|jobs|leases|namespaces|nodes) /.test(line),
    )
    expect(common.length).toBeGreaterThan(7)
    for (const line of common) expect(lines).toContain(line)
  })
})

/** What was said, without what differs from run to run; the spaces between columns follow the widest of them. */
async function run(client: GoClient, command: string): Promise<Said> {
  const { exitCode, stdout, stderr } = await client.kubectl(command.split(' '))
  const plain = (text: string): string =>
    text
      .replaceAll(client.folder, '<folder>')
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
      .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>')
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>')
      .replaceAll(/(resourceVersion"?: "|Resource Version: +)\d+/g, '$1<version>')
      .replaceAll(/\b10\.0\.0\.\d+/g, '<cluster address>')
      .replaceAll(/127\.0\.0\.1:\d+/g, '<server>')
      .replaceAll(/(?<= )\d+m?s(?=\s|$)/gm, '<age>')
      .replaceAll(/(LIVE|MERGED)-\d+/g, '$1')
      .replaceAll(/\t.*(?=\n)/g, '')
      .replaceAll(/ {2,}/g, '  ')
  return { exitCode, stdout: plain(stdout), stderr: plain(stderr) }
}
