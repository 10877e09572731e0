import { describe, expect, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { negotiate, negotiateStatus, type Use } from './media-type.ts'

const pods = { resource: resources.core.v1.pods, apiVersion: 'v1', isBuiltIn: true } as unknown as ServedResource
const widget = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const widgets = { resource: widget, apiVersion: 'example.com/v1', isBuiltIn: false } as unknown as ServedResource

const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const METADATA_LIST = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'

function form(accept: string | undefined, { served = pods, use = 'list' as Use, query = {}, agent = 'node' } = {}) {
  const headers = { 'user-agent': agent, ...(accept === undefined ? {} : { accept }) }
  const { form: chosen, encoding, isPretty } = negotiate({ headers, query }, served, use)
  return `${chosen} ${encoding}${isPretty ? ' pretty' : ''}`
}

describe('the form of an answer', () => {
  test.each([
    [undefined, 'object json'],
    ['', 'object json'],
    ['*/*', 'object json'],
    ['text/html, */*;q=0.1', 'object json'],
    [PROTOBUF, 'object protobuf'],
    [`application/json;q=0.5, ${PROTOBUF}`, 'object protobuf'],
    [`*/*, ${PROTOBUF}`, 'object protobuf'],
    [`application/json, ${PROTOBUF}`, 'object json'],
    ['application/yaml', 'object yaml'],
    [`${TABLE},application/json`, 'table json'],
    [`${PROTOBUF};as=Table;v=v1;g=meta.k8s.io,application/json`, 'object json'],
    ['application/json;as=Table;v=v2;g=meta.k8s.io,application/json', 'object json'],
    [`${PROTOBUF};${METADATA_LIST}`, 'metadata protobuf'],
    ['application/json;as=Nothing;g=meta.k8s.io;v=v1,application/yaml', 'object yaml'],
    ['application/cbor, application/json', 'object json'],
    ['application/json;stream=watch', 'object json'],
    ['application/yaml;stream=watch, application/json', 'object json'],
  ])('for %s is %s', (accept, expected) => expect(form(accept)).toBe(expected))

  test('of a custom resource may be any that an application reads', () => {
    expect(form('application/*', { served: widgets })).toBe('object json')
  })

  test('of a custom resource has no protobuf, but its metadata has', () => {
    expect(form(`${PROTOBUF}, application/json`, { served: widgets })).toBe('object json')
    expect(form(`${PROTOBUF};${METADATA_LIST}`, { served: widgets })).toBe('metadata protobuf')
  })

  test('is pretty for a human, unless the query says otherwise', () => {
    expect(form('*/*', { agent: 'curl/8.0' })).toBe('object json pretty')
    expect(form('*/*', { agent: 'Mozilla/5.0 X', query: { pretty: 'false' } })).toBe('object json')
    expect(form(undefined, { query: { pretty: 'true' } })).toBe('object json pretty')
    expect(form(PROTOBUF, { agent: 'curl/8.0' })).toBe('object protobuf')
    expect(form('*/*', { agent: 'curl/8.0', use: 'watch' })).toBe('object json')
  })

  test.each([
    ['text/html', 'list', '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, '],
    ['application/*', 'list', '406: Not Acceptable\n\nAvailable representations: '],
    ['application/json;as=Nothing', 'list', 'only the following media types are accepted: application/json, '],
    ['application/yaml', 'watch', 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch'],
    ['application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', 'list', 'is a list (*core.PodList)'],
    [`application/json;${METADATA_LIST}`, 'object', 'is not a list (*core.Pod)'],
  ] as const)('is refused for %s of a %s', (accept, use, message) => {
    expect(() => form(accept, { use })).toThrow(expect.objectContaining({ status: 406 }))
    expect(() => form(accept, { use })).toThrow(message)
  })

  test('is refused where a row is to carry what there is not', () => {
    expect(() => form(TABLE, { query: { includeObject: 'Half' } })).toThrow(expect.objectContaining({ status: 400 }))
  })
})

test.each([
  [undefined, 'json'],
  [PROTOBUF, 'protobuf'],
  [`${TABLE},application/json`, 'json'],
  [TABLE, undefined],
  ['text/html', undefined],
])('a Status for %s is in %s', (accept, encoding) => expect(negotiateStatus(accept)).toBe(encoding))
