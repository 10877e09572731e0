import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'
import { objectsOf } from './manifests.ts'

const { configmaps, services } = resources.core.v1
const { deployments } = resources.apps.v1

const TWO = `
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
data: { on: "yes" }
---
# nothing
---
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: b } }
`

async function start(options: TestApiServerOptions = {}): Promise<TestApiServer> {
  const server = await TestApiServer.start(options)
  onTestFinished(() => server.stop())
  return server
}

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubeflume-manifests-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'objects.yaml')
  writeFileSync(file, text)
  return file
}

describe('a manifest', () => {
  test('is a text or a file, of several documents and of lists', async () => {
    const names = (found: { metadata: { name?: string } }[]) => found.map(({ metadata }) => metadata.name)
    const file = fileWith(TWO)
    expect(names(objectsOf(TWO))).toEqual(['a', 'b'])
    expect(names(objectsOf(file))).toEqual(['a', 'b'])
    expect(names(objectsOf(pathToFileURL(file)))).toEqual(['a', 'b'])
    expect(names(objectsOf('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}'))).toEqual(['c'])
    const server = await start({ manifests: [file] })
    expect(server.list(configmaps).map(({ data }) => data)).toEqual([{ on: 'yes' }, undefined])
  })

  test.each([
    ['a: [\n', 'the manifest: '],
    ['- 1\n', 'document 1: it has no apiVersion and kind'],
    ['apiVersion: v1\nkind: List\nitems: [{}]\n', 'document 1, item 1: it has no apiVersion and kind'],
    ['apiVersion: v1\nkind: ConfigMap\n', 'it has no metadata'],
  ])('that says nothing usable is refused: %j', (text, message) => {
    expect(() => objectsOf(text)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    expect(() => objectsOf(text)).toThrow(message)
  })

  test('of a kind that is not served is refused', async () => {
    const server = await start()
    expect(() => server.apply('apiVersion: x.io/v1\nkind: X\nmetadata: { name: x }\n')).toThrow('"kind":"X"')
    expect(() => server.apply('/there/is/none.yaml')).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining('ENOENT') }),
    )
  })
})

describe('applying one to a server', () => {
  const deployment = (image: string, more = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { ${more} template: { spec: { containers: [{ name: main, image: ${image} }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: other }
`

  test('creates what is new and merges with the rest', async () => {
    const server = await start()
    const created = server.apply(deployment('one', 'replicas: 2,'))
    expect(created.map(({ kind }) => kind)).toEqual(['Deployment', 'Service'])
    server.edit(deployments, 'default/web', (draft) => void (draft.status = { replicas: 2 }))
    const [changed] = server.apply(deployment('two'))
    expect(changed).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 2, template: { spec: { containers: [{ name: 'main', image: 'two' }] } } },
      status: { replicas: 2 },
    })
    expect(server.get(services, 'other/web')!.metadata.resourceVersion).toBe('3')
  })
})
