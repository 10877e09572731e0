import { Agent, request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { BackwardWriter } from '../encoding/backward-writer.ts'
import { writeEnveloped } from '../encoding/envelope.ts'
import { TestApiServer } from '../server.ts'
import { parseBody, parseYamlBody } from './request-body.ts'

const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'c' }] } }

function enveloped(kind: string, message: string, value: object): Buffer {
  const out = new BackwardWriter()
  writeEnveloped(out, { apiVersion: 'v1', kind, message }, value)
  return out.copy()
}

describe('the body of a request', () => {
  test.each([
    [undefined, JSON.stringify(pod)],
    ['application/json; charset=utf-8', JSON.stringify(pod)],
    ['application/yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n'],
  ])('of type %s is an object', (type, text) => expect(parseBody(Buffer.from(text), type)).toEqual(pod))

  test('in protobuf is what its envelope has, plain and with its kind', () => {
    const managedFields = [{ manager: 'm', operation: 'Apply', fieldsV1: { 'f:spec': {} } }]
    const given = { ...pod, metadata: { name: 'a', managedFields } }
    const read = parseBody(enveloped('Pod', 'core/v1.Pod', given), PROTOBUF)
    expect(read).toMatchObject(given)
    expect(structuredClone(read)).toEqual(read)
  })

  test('may be options, which have the same message in all groups', () => {
    const options = { propagationPolicy: 'Foreground', preconditions: { uid: 'u' } }
    const bytes = enveloped('DeleteOptions', 'meta/v1.DeleteOptions', options)
    expect(parseBody(bytes, PROTOBUF)).toEqual({ apiVersion: 'v1', kind: 'DeleteOptions', ...options })
  })

  test('that is too long is refused, and its connection is good for the next request', async () => {
    const server = await TestApiServer.start()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => server.stop())
    onTestFinished(() => agent.destroy())
    const path = `${server.url}/api/v1/namespaces/default/configmaps`
    const post = (data: object): Promise<number | undefined> => {
      const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
      request(path, { agent, method: 'POST', headers: { 'content-type': 'application/json' } })
        .on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
        .on('error', reject)
        .end(JSON.stringify({ metadata: { name: 'a' }, data }))
      return promise
    }
    const long = { text: 'x'.repeat(20_000_000) }
    expect([await post(long), await post(long), await post({})]).toEqual([413, 413, 201])
  })

  test('may be empty', () => {
    expect(parseBody(Buffer.alloc(0), PROTOBUF)).toBeUndefined()
    expect(parseYamlBody(Buffer.alloc(0))).toBeUndefined()
  })

  test.each([
    ['text/plain', '{}', 415],
    ['application/json', '{', 400],
    ['application/yaml', '{', 400],
    [PROTOBUF, 'k8s', 400],
    [PROTOBUF, 'k8s\0\x0a\x03', 400],
    [PROTOBUF, 'k8s\0', 400],
  ])('of type %s is refused where it is no such thing: %j', (type, text, status) => {
    expect(() => parseBody(Buffer.from(text), type)).toThrow(expect.objectContaining({ status }))
  })
})
