import { keyOf, type KubernetesObject, type Resource } from '../../src/index.ts'
import type { Transport } from '../../src/transport/transport.ts'
import type { Random } from '../support/random.ts'
import { decodeList, type Decoded, decodeWatch, parseList, withoutManagedFields } from './decode-bodies.ts'
import { countValues, firstDifference } from './first-difference.ts'
import { type Body, type Encoding, readList, readWatch } from './read-bodies.ts'

const ENCODINGS: readonly Encoding[] = ['json', 'protobuf']
const MAX_READS = 10

export interface RoadsOptions {
  readonly transport: Transport
  readonly resource: Resource
  /** Where the WATCHes begin: of a LIST before anything was created. */
  readonly since: string
  readonly random: Random
}

export interface Comparison {
  /** As `JSON.parse` reads them. */
  readonly objects: readonly KubernetesObject[]
  /** Leaves of all objects, and of all that was held against them. */
  readonly values: number
  readonly events: number
  readonly differences: readonly string[]
}

interface Bodies {
  readonly list: Readonly<Record<Encoding, Body>>
  readonly watch: Readonly<Record<Encoding, Body>>
}

/**
 * Reads a resource by LIST and by WATCH, in JSON and in protobuf, and holds what the decoders make of
 * it against `JSON.parse`; all of it again with `managedFields` cut out on the way.
 */
export async function compareRoads(options: RoadsOptions): Promise<Comparison> {
  const { resource, random } = options
  const { list, watch } = await readAll(options)
  const whole = parseList(list.json, resource)
  const differences: string[] = []
  let values = 0
  let events = 0
  for (const omitsManagedFields of [false, true]) {
    const expected = new Map(
      whole.map((object) => [versionOf(object), omitsManagedFields ? withoutManagedFields(object) : object]),
    )
    const compare = (road: string, decoded: readonly Decoded[]): void => {
      for (const each of decoded) values += countValues(each.object)
      const where = `${resource.plural} ${road}${omitsManagedFields ? ' without managedFields' : ''}`
      differences.push(...disagreements(decoded, expected).map((text) => `${where}: ${text}`))
    }
    const decodeOptions = { resource, omitsManagedFields, random }
    for (const encoding of ENCODINGS) {
      const listed = decodeList(list[encoding], decodeOptions)
      compare(`LIST ${encoding}`, listed)
      const known = listed.filter(({ object }) => expected.has(versionOf(object))).length
      if (known !== whole.length) differences.push(`${resource.plural} LIST ${encoding}: ${known} of ${whole.length}`)
    }
    const [json, protobuf] = ENCODINGS.map((encoding) =>
      upTo(resourceVersionOf(list.json), decodeWatch(watch[encoding], decodeOptions)),
    )
    compare('WATCH json', json!)
    compare('WATCH protobuf', protobuf!)
    const between = firstDifference(json, protobuf)
    if (between !== undefined) differences.push(`${resource.plural} WATCH, the events of both: ${between}`)
    events += json!.length + protobuf!.length
  }
  return { objects: whole, values, events, differences }
}

/** Nothing changes but what the server itself keeps up to date: then everything is read once more. */
async function readAll({ transport, resource, since }: RoadsOptions): Promise<Bodies> {
  for (let read = 1; read <= MAX_READS; read++) {
    const list = {
      json: await readList(transport, resource, 'json'),
      protobuf: await readList(transport, resource, 'protobuf'),
    }
    const objects = parseList(list.json, resource)
    const isNew = ({ metadata }: KubernetesObject): boolean => BigInt(metadata.resourceVersion) > BigInt(since)
    const watched = (encoding: Encoding): Promise<Body> =>
      readWatch(transport, resource, { encoding, since, until: objects.filter(isNew).map(versionOf) })
    if (!(await sameVersions(resource, list))) continue
    return { list, watch: { json: await watched('json'), protobuf: await watched('protobuf') } }
  }
  throw new Error(`${resource.plural} changed between ${MAX_READS} pairs of LISTs`)
}

async function sameVersions(resource: Resource, list: Readonly<Record<Encoding, Body>>): Promise<boolean> {
  const options = { resource, omitsManagedFields: false, random: () => 0.99 }
  const [json, protobuf] = ENCODINGS.map((encoding) =>
    decodeList(list[encoding], options).map(({ identity }) => `${identity.uid}@${identity.resourceVersion}`),
  )
  return firstDifference(json, protobuf) === undefined
}

/** What was decoded and is not as it should be. Events of versions that nobody listed are not looked at here. */
function disagreements(decoded: readonly Decoded[], expected: ReadonlyMap<string, KubernetesObject>): string[] {
  const found: string[] = []
  for (const { identity, object } of decoded) {
    const wanted = expected.get(`${identity.uid}@${identity.resourceVersion}`)
    if (wanted === undefined) continue
    const { name, namespace, uid, resourceVersion } = wanted.metadata
    const who = { key: keyOf(wanted), namespace, name, uid, resourceVersion }
    const difference = firstDifference(wanted, object) ?? firstDifference(who, identity)
    if (difference !== undefined) found.push(`${keyOf(wanted)} ${difference}`)
  }
  return found
}

/** Of the events those that the list knows of: another body may have been read a little longer. */
function upTo(resourceVersion: string, events: readonly Decoded[]): Decoded[] {
  return events.filter(({ identity }) => BigInt(identity.resourceVersion!) <= BigInt(resourceVersion))
}

function resourceVersionOf({ bytes }: Body): string {
  const { metadata } = JSON.parse(Buffer.from(bytes).toString()) as { metadata: { resourceVersion: string } }
  return metadata.resourceVersion
}

function versionOf({ metadata }: KubernetesObject): string {
  return `${metadata.uid}@${metadata.resourceVersion}`
}
