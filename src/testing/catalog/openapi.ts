import { createHash } from 'node:crypto'
import { SchemaCollector } from './openapi-schemas.ts'
import type { Registry, ServedResource } from './registry.ts'
import type { Release } from './release.ts'

/** The documents there are, each with an address that changes when it does. */
export function openApiIndex(registry: Registry, release: Release): object {
  const versions = new Map<string, ServedResource[]>()
  for (const served of listed(registry)) {
    const name = nameOf(served)
    versions.set(name, [...(versions.get(name) ?? []), served])
  }
  const paths = [...versions].map(([name, resources]) => {
    const state = resources.map(({ resource, definition }) => [resource, definition])
    const hash = createHash('sha256')
      .update(JSON.stringify([release, state]))
      .digest('hex')
      .toUpperCase()
    return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }]
  })
  return { paths: Object.fromEntries(paths) }
}

/**
 * The OpenAPI v3 document of one group and version: fields with their types and how they merge, and of
 * the operations what kubectl looks for. There are no descriptions.
 *
 * @param name `api/v1`, `apis/apps/v1`
 */
export function openApiDocument(name: string, registry: Registry, release: Release): object | undefined {
  const resources = listed(registry).filter((served) => nameOf(served) === name)
  if (resources.length === 0) return undefined
  const schemas = new SchemaCollector()
  const paths = resources.flatMap((served) => pathsOf(served, name, schemas))
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: release },
    paths: Object.fromEntries(paths),
    components: { schemas: schemas.all() },
  }
}

function listed(registry: Registry): ServedResource[] {
  return registry.listed.flatMap(({ group, version, plural }) => registry.find(group, version, plural) ?? [])
}

function nameOf({ resource: { group, version } }: ServedResource): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

const QUERY = { dryRun: 'string', fieldManager: 'string', fieldValidation: 'string', force: 'boolean' }
const PATCHES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
]

function pathsOf(served: ServedResource, name: string, schemas: SchemaCollector): [string, object][] {
  const { resource, isBuiltIn } = served
  const schema = schemas.addKind(served)
  const kind = { group: resource.group, version: resource.version, kind: resource.kind }
  const collection = `/${name}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.plural}`
  const operation = (action: string, fields: readonly (keyof typeof QUERY)[], body?: object): object => ({
    parameters: fields.map((field) => ({
      name: field,
      in: 'query',
      schema: { type: QUERY[field], uniqueItems: true },
    })),
    ...(body === undefined ? {} : { requestBody: { content: body, required: true } }),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: { $ref: schema } } } } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kind,
  })
  const object = { '*/*': { schema: { $ref: schema } } }
  const patch = PATCHES.filter((type) => isBuiltIn || !type.includes('strategic')).map((type) => [type, {}])
  const writes = ['dryRun', 'fieldManager', 'fieldValidation'] as const
  return [
    [
      collection,
      {
        get: operation('list', []),
        post: operation('post', writes, object),
        delete: operation('deletecollection', ['dryRun']),
      },
    ],
    [
      `${collection}/{name}`,
      {
        get: operation('get', []),
        put: operation('put', writes, object),
        delete: operation('delete', ['dryRun']),
        patch: operation('patch', [...writes, 'force'], Object.fromEntries(patch) as object),
      },
    ],
  ]
}
