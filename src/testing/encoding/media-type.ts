import type { IncomingHttpHeaders } from 'node:http'
import { badRequest, failure, notAcceptable } from '../status.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { type AcceptClause, parseAccept } from './accept.ts'
import type { Representation } from './representation.ts'

/** What is asked for: a list of objects, one object, or a stream of events. */
export type Use = 'list' | 'object' | 'watch'

/** As much of a request as its answer's form depends on. */
export interface Asked {
  readonly headers: IncomingHttpHeaders
  readonly query: { readonly [name: string]: string }
}

type Encoding = Representation['encoding']

/** In the order of the server: what `*` stands for is the first that fits. */
const ENCODINGS: readonly Encoding[] = ['json', 'yaml', 'protobuf']
const MEDIA_TYPES: { readonly [encoding in Encoding]: string } = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
}

const PLAIN: Representation = {
  form: 'object',
  encoding: 'json',
  metaVersion: 'v1',
  includeObject: 'Metadata',
  isPretty: false,
}

/**
 * Chooses the form of an answer by the `Accept` header, as the server does (apiserver
 * `pkg/endpoints/handlers/negotiation`). A custom resource has no protobuf, its metadata alone has.
 * There is no CBOR.
 *
 * @throws {ApiError} 406 where the server writes none of what the client takes; 400 for a bad `includeObject`
 */
export function negotiate(asked: Asked, served: ServedResource, use: Use): Representation {
  const chosen = choose(asked, served, use)
  const isPretty = use !== 'watch' && isForHumans(asked)
  if (chosen === undefined) return { ...PLAIN, isPretty }
  const { encoding, parameters } = chosen
  const { as = '', v, pretty } = parameters
  const form = as === '' ? 'object' : formOf(as, served, use)
  return {
    form,
    encoding,
    metaVersion: v === 'v1beta1' ? v : 'v1',
    includeObject: form === 'table' ? includeObjectOf(asked.query['includeObject']) : 'Metadata',
    isPretty: encoding === 'json' && (isPretty || (use !== 'watch' && pretty === '1')),
  }
}

/** The encoding and what the client says of it; undefined where the client says nothing. */
export function choose(
  { headers: { accept = '' } }: Pick<Asked, 'headers'>,
  served: ServedResource,
  use: Use,
): { readonly encoding: Encoding; readonly parameters: AcceptClause['parameters'] } | undefined {
  if (accept === '') return undefined
  const clauses = parseAccept(accept)
  if (served.isBuiltIn && !clauses.some(isKnownToRouter)) throw noRepresentation(use)
  for (const clause of clauses) {
    const encoding = ENCODINGS.find((name) => matches(clause, name) && writes(name, clause, served, use))
    if (encoding !== undefined) return { encoding, parameters: clause.parameters }
  }
  throw notAcceptable(acceptedTypes(use))
}

/** go-restful knows types that are named in full, and that of everything. */
function isKnownToRouter(clause: AcceptClause): boolean {
  return ENCODINGS.some((name) => matches(clause, name)) && (clause.type === '*' || clause.subtype !== '*')
}

/**
 * The encoding of a Status. Unlike an object it has no other form; undefined where the client takes nothing
 * that the server writes, and is answered in JSON all the same.
 */
export function negotiateStatus(accept: string | undefined): Encoding | undefined {
  if (accept === undefined || accept === '') return 'json'
  for (const clause of parseAccept(accept)) {
    const { as, g, v, stream = '', sv = '' } = clause.parameters
    if (as !== undefined || g !== undefined || v !== undefined || sv !== '') continue
    const encoding = ENCODINGS.find((name) => matches(clause, name) && (stream === '' || streams(name, stream)))
    if (encoding !== undefined) return encoding
  }
  return undefined
}

/** What go-restful says, which looks at the types alone, before anybody else; custom resources do not go by it. */
function noRepresentation(use: Use): Error {
  const ofStreams = use === 'object' ? [] : acceptedTypes('watch')
  const types = [...acceptedTypes('object'), ...ofStreams].join(', ')
  return failure(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${types}`, {})
}

export function acceptedTypes(use: Use): string[] {
  const isWatch = use === 'watch'
  return ENCODINGS.filter((name) => !isWatch || name !== 'yaml').map(
    (name) => MEDIA_TYPES[name] + (isWatch ? ';stream=watch' : ''),
  )
}

function matches({ type, subtype }: AcceptClause, encoding: Encoding): boolean {
  if (type === '*') return subtype === '*'
  return type === 'application' && (subtype === '*' || `${type}/${subtype}` === MEDIA_TYPES[encoding])
}

function streams(encoding: Encoding, stream: string): boolean {
  return stream === 'watch' && encoding !== 'yaml'
}

function writes(encoding: Encoding, { parameters }: AcceptClause, served: ServedResource, use: Use): boolean {
  const { as, g, v, stream = '', sv = '' } = parameters
  if (sv !== '' || (stream !== '' && !streams(encoding, stream)) || (use === 'watch' && encoding === 'yaml'))
    return false
  if (as === undefined && g === undefined && v === undefined) return served.isBuiltIn || encoding !== 'protobuf'
  if (g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return false
  if (as === 'Table') return encoding !== 'protobuf'
  return as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList'
}

function formOf(as: string, served: ServedResource, use: Use): Representation['form'] {
  if (as === 'Table') return 'table'
  if (use === 'watch') return as === 'PartialObjectMetadata' ? 'metadata' : 'object'
  const isList = as === 'PartialObjectMetadataList'
  if (isList === (use === 'list')) return 'metadata'
  const not = isList ? 'not a list' : 'a list'
  const message = `you requested ${as}, but the requested object is ${not} (${goTypeOf(served, use)})`
  throw failure(406, 'NotAcceptable', message)
}

/** The name of the internal type, which the server's message shows. */
function goTypeOf({ resource: { group, kind }, isBuiltIn }: ServedResource, use: Use): string {
  const list = use === 'list' ? 'List' : ''
  if (!isBuiltIn) return `*unstructured.Unstructured${list}`
  return `*${group === '' ? 'core' : group.split('.')[0]}.${kind}${list}`
}

function includeObjectOf(value = ''): Representation['includeObject'] {
  if (value === '' || value === 'Metadata') return 'Metadata'
  if (value === 'None' || value === 'Object') return value
  const message = `includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`
  throw badRequest(`Unable to convert to Table as requested: ${message}`)
}

/** `pretty` in the query, or a browser or command line tool that does not ask otherwise. */
export function isForHumans({ headers, query }: Asked): boolean {
  const { pretty = '' } = query
  if (pretty !== '') return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(pretty)
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '')
}
