import { describe, expect, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { APPLY, type Body, MERGE, startWithRequests } from './requests.test-support.ts'

const PATH = '/apis/apps/v1/namespaces/default/deployments/d'
const { deployments } = resources.apps.v1

interface Container {
  readonly image?: string
  readonly env?: object[]
}
const deployment = (container: Container, spec: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: { ...spec, template: { spec: { containers: [{ name: 'c', ...container }] } } },
})
const env = (...names: string[]): object[] => names.map((name) => ({ name, value: name }))

function containersOf(body: Body): unknown {
  return (body.spec['template'] as { spec: { containers: unknown } }).spec.containers
}

async function start() {
  const { server, send } = await startWithRequests()
  const apply = (manager: string, object: object, more = '') =>
    send('PATCH', `${PATH}?fieldManager=${manager}${more}`, object, APPLY)
  return { server, send, apply }
}

describe('an apply', () => {
  test('creates the object, and notes what the manager owns', async () => {
    const { apply } = await start()
    const { status, body } = await apply('me', deployment({ image: '1', env: env('A') }, { replicas: 2 }))
    expect(status).toBe(201)
    expect(body.metadata.managedFields).toEqual([
      {
        manager: 'me',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        time: expect.any(String) as string,
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:replicas': {},
            'f:template': {
              'f:spec': {
                'f:containers': {
                  'k:{"name":"c"}': {
                    '.': {},
                    'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
                    'f:image': {},
                    'f:name': {},
                  },
                },
              },
            },
          },
        },
      },
    ])
  })

  test('removes what the manager applied before and leaves out now', async () => {
    const { apply } = await start()
    await apply('me', deployment({ image: '1', env: env('A', 'B') }, { replicas: 2 }))
    const { status, body } = await apply('me', deployment({ image: '1', env: env('B', 'C') }))
    expect(status).toBe(200)
    expect(containersOf(body)).toMatchObject([{ name: 'c', image: '1', env: env('B', 'C') }])
    expect(body.spec['replicas']).toBeUndefined()
  })

  test('of the same again writes nothing', async () => {
    const { apply } = await start()
    const first = await apply('me', deployment({ image: '1' }))
    expect(await apply('me', deployment({ image: '1' }))).toEqual({ status: 200, body: first.body })
  })

  test('fails where it would change what others own, and takes it with force', async () => {
    const { apply } = await start()
    await apply('me', deployment({ image: '1', env: env('A') }))
    const other = deployment({ image: '2', env: [{ name: 'A', value: 'x' }] })
    const refused = await apply('you', other)
    expect(refused.status).toBe(409)
    expect(refused.body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "me":\n' +
        '- .spec.template.spec.containers[name="c"].image\n' +
        '- .spec.template.spec.containers[name="c"].env[name="A"].value',
    )
    expect(refused.body.details?.causes).toHaveLength(2)
    const one = await apply('you', deployment({ image: '2' }))
    expect(one.body.message).toBe(
      'Apply failed with 1 conflict: conflict with "me": .spec.template.spec.containers[name="c"].image',
    )
    const { body } = await apply('you', deployment({ image: '2' }), '&force=true')
    expect(containersOf(body)).toMatchObject([{ name: 'c', image: '2' }])
    expect(JSON.stringify(body.metadata.managedFields![0]!.fieldsV1)).not.toContain('f:image')
  })

  test('shares what it applies with the same value', async () => {
    const { apply } = await start()
    await apply('me', deployment({ image: '1', env: env('A') }))
    expect((await apply('you', deployment({ image: '1' }))).status).toBe(200)
    const { body } = await apply('me', deployment({ env: env('A') }))
    expect(containersOf(body), 'the other owner keeps it').toMatchObject([{ name: 'c', image: '1' }])
  })

  test('finds the owners that updates have become', async () => {
    const { apply, send } = await start()
    await apply('me', deployment({ image: '1' }, { replicas: 1 }))
    const { body } = await send('PATCH', `${PATH}?fieldManager=scaler`, { spec: { replicas: 3 } }, MERGE)
    expect(body.metadata.managedFields!.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
      'me Apply',
      'scaler Update',
    ])
    const again = await apply('me', deployment({ image: '1' }, { replicas: 1 }))
    expect(again.body.message).toMatch(
      /^Apply failed with 1 conflict: conflict with "scaler" using apps\/v1: \.spec\.replicas$/,
    )
  })

  test('takes an object without owners for written before the first apply', async () => {
    const { server, apply } = await start()
    server.create(deployments, deployment({ image: '1' }) as never)
    expect((await apply('me', deployment({ image: '2' }))).body.message).toContain(
      'conflict with "before-first-apply" using apps/v1: .spec.template',
    )
  })

  test.each([
    ['', {}, 422, 'fieldManager: Required value: is required for apply patch'],
    ['?fieldManager=me', { kind: 'Deployment', metadata: {} }, 400, 'invalid object type: /, Kind=Deployment'],
    [
      '?fieldManager=me',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { managedFields: [] } },
      400,
      'metadata.managedFields must be nil',
    ],
    [
      '?fieldManager=me',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'e' } },
      400,
      'the name of the object (e) does not match the name on the URL (d)',
    ],
  ])('with %s of %o is refused', async (query, object, code, message) => {
    const { send } = await start()
    const { status, body } = await send('PATCH', PATH + query, object, APPLY)
    expect([status, body.message]).toEqual([code, expect.stringContaining(message)])
  })
})

test('every write has its owner where the server is asked to note them', async () => {
  const { send } = await startWithRequests({ managedFields: true })
  const path = '/api/v1/namespaces/default/configmaps'
  const created = await send('POST', path, { metadata: { name: 'c' }, data: { a: '1' } })
  expect(created.body.metadata.managedFields).toMatchObject([
    { manager: 'tester', operation: 'Update', fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } } },
  ])
  const { body } = await send('PATCH', `${path}/c?fieldManager=other`, { data: { a: '2', b: '3' } }, MERGE)
  expect(body.metadata.managedFields!.map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
    ['other', { 'f:data': { 'f:a': {}, 'f:b': {} } }],
    ['tester', { 'f:data': {} }],
  ])
})
