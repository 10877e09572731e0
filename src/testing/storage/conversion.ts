import type { ServedResource } from '../catalog/registry.ts'
import { type AnyObject, encode, parse } from '../encoding/encoding.ts'
import { fieldsOf } from '../reads/selectable-fields.ts'
import { convertAutoscaler } from './autoscaler-conversion.ts'
import type { StoredVersion } from './collection.ts'

/** The names of a field in `v1` and in `events.k8s.io/v1`. */
const EVENT_FIELDS: readonly (readonly [string, string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
]

/**
 * What is stored, as it reads through a resource that shares its objects with others: under the
 * apiVersion of that resource, with the fields renamed that are named otherwise there. What the version
 * has no field for is left out: nothing of it is kept in annotations.
 */
export function convert(served: ServedResource, version: StoredVersion): StoredVersion {
  const { previous } = version
  if (version.apiVersion === served.apiVersion && (previous?.apiVersion ?? served.apiVersion) === served.apiVersion) {
    return version
  }
  return { ...convertOne(served, version), previous: previous && convertOne(served, previous) }
}

/** The same of many, each when it is come to. */
export function convertAll(served: ServedResource, versions: Iterable<StoredVersion>): Iterable<StoredVersion> {
  return {
    *[Symbol.iterator]() {
      for (const version of versions) yield convert(served, version)
    },
  }
}

function convertOne(served: ServedResource, version: StoredVersion): StoredVersion {
  if (version.apiVersion === served.apiVersion) return version
  const object = convertObject(served, parse(version.bytes))
  return {
    ...version,
    apiVersion: served.apiVersion,
    fields: fieldsOf(served, object),
    bytes: encode(served, object),
  }
}

function convertObject({ apiVersion, resource: { kind }, isBuiltIn }: ServedResource, object: AnyObject): AnyObject {
  const rename = isBuiltIn && kind === 'Event' ? renamesTo(apiVersion) : undefined
  const entries = Object.entries(object).map(([field, value]) => [rename?.get(field) ?? field, value])
  const converted = { ...(Object.fromEntries(entries) as AnyObject), apiVersion, kind }
  return isBuiltIn && kind === 'HorizontalPodAutoscaler' ? convertAutoscaler(converted) : converted
}

function renamesTo(apiVersion: string): ReadonlyMap<string, string> {
  return new Map(EVENT_FIELDS.map(([core, event]) => (apiVersion === 'v1' ? [event, core] : [core, event])))
}
