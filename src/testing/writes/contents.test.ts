import { describe, expect, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { APPLY, MERGE, startWithRequests } from './requests.test-support.ts'

const { secrets, pods } = resources.core.v1
const CORE = '/api/v1/namespaces/default'

describe('a Secret', () => {
  test('has its text in its data, and a type', async () => {
    const { server, send } = await startWithRequests()
    const { body } = await send('POST', `${CORE}/secrets`, {
      metadata: { name: 's' },
      data: { a: 'b2xk', b: 'b2xk' },
      stringData: { a: 'new' },
    })
    expect(body).toMatchObject({ type: 'Opaque', data: { a: 'bmV3', b: 'b2xk' } })
    expect(body).not.toHaveProperty('stringData')
    await send('PATCH', `${CORE}/secrets/s`, { stringData: { c: 'ü' } }, MERGE)
    expect(server.get(secrets, 'default/s')!.data).toEqual({ a: 'bmV3', b: 'b2xk', c: 'w7w=' })
    const applied = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 't' }, stringData: { d: 'x' }, type: 'mine' }
    const { body: other } = await send('PATCH', `${CORE}/secrets/t?fieldManager=me`, applied, APPLY)
    expect(other).toMatchObject({ type: 'mine', data: { d: 'eA==' } })
  })
})

describe('an immutable object', () => {
  const WHY = 'Forbidden: field is immutable when `immutable` is set'

  test.each([
    ['configmaps', { data: { a: 'YQ==' } }, 'ConfigMap "x" is invalid: [immutable: W, data: W]'],
    [
      'configmaps',
      { immutable: true, binaryData: { b: 'Yg==' } },
      'ConfigMap "x" is invalid: [data: W, binaryData: W]',
    ],
    ['secrets', { immutable: true }, 'Secret "x" is invalid: data: W'],
    ['secrets', { data: { a: 'Yg==' } }, 'Secret "x" is invalid: immutable: W'],
  ])('of %s does not become %o', async (plural, change, message) => {
    const { send } = await startWithRequests()
    const data = { a: 'Yg==' }
    await send('POST', `${CORE}/${plural}`, { metadata: { name: 'x' }, data, immutable: true })
    const { status, body } = await send('PUT', `${CORE}/${plural}/x`, { metadata: { name: 'x' }, ...change })
    expect([status, body.message]).toEqual([422, message.replaceAll('W', WHY)])
  })

  test('keeps its metadata open to change', async () => {
    const { send } = await startWithRequests()
    await send('POST', `${CORE}/configmaps`, { metadata: { name: 'x' }, data: { a: 'b' }, immutable: true })
    const { status } = await send('PATCH', `${CORE}/configmaps/x`, { metadata: { labels: { a: 'b' } } }, MERGE)
    expect(status).toBe(200)
  })
})

describe('the labels of an object', () => {
  test.each([
    [{ a: '-b-' }, 'Invalid value: "-b-": a valid label must be an empty string or consist of'],
    [{ a: 'b'.repeat(64) }, 'must be no more than 63 bytes'],
    [{ 'a b': '' }, 'Invalid value: "a b": name part must consist of alphanumeric characters'],
    [{ 'a/': '' }, 'name part must be non-empty'],
    [{ 'Example.com/a': '' }, 'Invalid value: "Example.com/a": prefix part a lowercase RFC 1123 subdomain'],
    [{ 'a/b/c': '' }, "a qualified name must consist of alphanumeric characters, '-', '_' or '.'"],
  ])('may not be %o', async (labels, message) => {
    const { send } = await startWithRequests()
    const created = await send('POST', `${CORE}/configmaps`, { metadata: { name: 'x', labels } })
    expect(created.status).toBe(422)
    expect(created.body.message).toContain(message)
    expect(created.body.details!.causes![0]!.field).toBe('metadata.labels')
    await send('POST', `${CORE}/configmaps`, { metadata: { name: 'x' } })
    expect((await send('PATCH', `${CORE}/configmaps/x`, { metadata: { labels } }, MERGE)).status).toBe(422)
  })

  test('may be empty, and have a prefix', async () => {
    const { send } = await startWithRequests()
    const labels = { empty: '', 'example.com/a_b.c': 'A-1' }
    expect((await send('POST', `${CORE}/configmaps`, { metadata: { name: 'x', labels } })).status).toBe(201)
  })
})

describe('fields that there are not', () => {
  const spec = { containers: [{ name: 'a', colour: 'red' }], nodeSelector: { any: 'thing' }, shape: 'round' }
  const body = { metadata: { name: 'p', owner: 'me' }, spec }
  const found = ['metadata.owner', 'spec.containers[0].colour', 'spec.shape'].map((path) => `unknown field "${path}"`)

  test('are refused where the client is strict', async () => {
    const { send } = await startWithRequests()
    const refused = await send('POST', `${CORE}/pods?fieldValidation=Strict`, body)
    const message = `Pod in version "v1" cannot be handled as a Pod: strict decoding error: ${found.join(', ')}`
    expect([refused.status, refused.body.message]).toEqual([400, message])
  })

  test.each([
    ['', found.map((text) => `299 - ${JSON.stringify(text)}`).join(', ')],
    ['?fieldValidation=Ignore', null],
  ])('are dropped, with a warning unless it is not wanted: %j', async (query, warning) => {
    const { server } = await startWithRequests()
    const response = await fetch(`${server.url}${CORE}/pods${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect([response.status, response.headers.get('warning')]).toEqual([201, warning])
    expect(server.get(pods, 'default/p')!.spec).not.toHaveProperty('shape')
  })

  test('are looked for in one of three ways', async () => {
    const { send } = await startWithRequests()
    const { status, body: answer } = await send('POST', `${CORE}/pods?fieldValidation=Perhaps`, body)
    expect(status).toBe(422)
    expect(answer.message).toContain('Unsupported value: "Perhaps": supported values: "", "Ignore", "Strict", "Warn"')
  })
})

describe('the status of a new pod', () => {
  const limits = { cpu: '1', memory: '1Gi' }

  test.each([
    ['BestEffort', [{}, { resources: { requests: { cpu: '0' } } }]],
    ['Burstable', [{ resources: { requests: { cpu: '100m' } } }]],
    ['Burstable', [{ resources: { limits } }, {}]],
    ['Burstable', [{ resources: { limits, requests: { cpu: '500m' } } }]],
    ['Guaranteed', [{ resources: { limits } }, { resources: { limits, requests: { cpu: '1000m' } } }]],
  ])('says %s, and keeps saying so: %j', async (qosClass, containers) => {
    const { send } = await startWithRequests()
    const spec = { containers: containers.map((container, i) => ({ name: `c${i}`, ...container })) }
    const { body } = await send('POST', `${CORE}/pods`, { metadata: { name: 'a' }, spec })
    expect(body.status).toEqual({ phase: 'Pending', qosClass })
    const written = await send('PUT', `${CORE}/pods/a/status`, { ...body, status: { phase: 'Running' } })
    expect(written.body.status).toEqual({ phase: 'Running', qosClass })
  })
})

describe('a write of an object', () => {
  test('through the binding of a pod is one write, and no new generation', async () => {
    const { send } = await startWithRequests()
    const one = await send('POST', `${CORE}/pods`, { metadata: { name: 'b' }, spec: { containers: [] } })
    await send('POST', `${CORE}/pods/b/binding`, { metadata: { name: 'b' }, target: { kind: 'Node', name: 'n' } })
    const { body } = await send('GET', `${CORE}/pods/b`)
    expect(body.metadata.generation).toBe(1)
    expect(Number(body.metadata.resourceVersion)).toBe(Number(one.body.metadata.resourceVersion) + 1)
    expect(body).toMatchObject({ spec: { nodeName: 'n' }, status: { conditions: [{ type: 'PodScheduled' }] } })
  })

  test('by an apply with a uid makes no new object', async () => {
    const { send } = await startWithRequests()
    const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', uid: 'u' } }
    const { status, body } = await send('PATCH', `${CORE}/configmaps/x?fieldManager=me`, applied, APPLY)
    expect([status, body.reason]).toEqual([409, 'Conflict'])
    expect(body.message).toContain(
      'uid mismatch: the provided object specified uid u, and no existing object was found',
    )
  })

  test('that changes nothing writes nothing, whoever owns its fields', async () => {
    const { send } = await startWithRequests({ managedFields: true })
    await send('POST', `${CORE}/pods`, { metadata: { name: 'a' }, spec: { containers: [] } })
    const { body } = await send('PATCH', `${CORE}/pods/a/status`, { status: { phase: 'Running' } }, MERGE)
    const same = await send('PATCH', `${CORE}/pods/a`, { status: { phase: 'Failed' } }, MERGE)
    expect(same.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion)
  })

  test.each([
    ['1.36', 400],
    ['1.33', 500],
  ] as const)('by a DELETE with options of another kind is refused: %s', async (release, code) => {
    const { send } = await startWithRequests({ release })
    await send('POST', `${CORE}/configmaps`, { metadata: { name: 'x' } })
    const { status, body } = await send('DELETE', `${CORE}/configmaps/x`, { apiVersion: 'v1', kind: 'Pod' })
    expect(status).toBe(code)
    expect(body.message).toContain('no kind "Pod" is registered for version "v1"')
    expect((await send('GET', `${CORE}/configmaps/x`)).status).toBe(200)
  })
})
