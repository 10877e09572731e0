import type { KubernetesObject } from '../api/object.ts'
import { customResource, type Resource } from '../api/resource.ts'
import { readFieldPath } from '../api/field-path.ts'
import type { WireCodec, WireForm, WireIdentity } from '../api/wire-codec.ts'
import type { WireObject } from '../api/wire-object.ts'
import type { Change } from './change.ts'
import { Entry } from './entry.ts'
import { HotObjects } from './hot-objects.ts'

export interface Thing extends KubernetesObject {
  readonly spec?: { readonly [field: string]: unknown }
}

export const things: Resource<Thing> = customResource<Thing>({
  group: 'example.com',
  version: 'v1',
  plural: 'things',
  kind: 'Thing',
})

export interface ThingOptions {
  /** @default 'web' */
  readonly namespace?: string | undefined
  /** @default one that goes by the name */
  readonly uid?: string
  /** @default '1' */
  readonly version?: string
  readonly labels?: { readonly [label: string]: string }
  readonly spec?: { readonly [field: string]: unknown }
  /** Makes it one whose wire form cannot be decoded. */
  readonly broken?: Error
}

/** An object as it comes off the wire. Counts in `decoded` how often it has been decoded. */
export function wire(name: string, options: ThingOptions = {}): WireObject<Thing> & { decoded: number } {
  const { namespace = 'web', uid = `uid-of-${name}`, version = '1', labels, spec, broken } = options
  const metadata = { name, namespace, uid, resourceVersion: version, creationTimestamp: 'now' }
  const thing = { apiVersion: 'v1', kind: 'Thing', metadata: { ...metadata, ...(labels && { labels }) }, spec }
  const text = JSON.stringify(thing)
  return {
    key: `${namespace}/${name}`,
    namespace,
    name,
    uid,
    resourceVersion: version,
    encoding: 'json',
    bytes: Buffer.from(text),
    decoded: 0,
    decode() {
      this.decoded++
      if (broken !== undefined) throw broken
      return JSON.parse(text) as Thing
    },
  }
}

/** Remembers as their form the objects themselves, so that `decoded` counts; what is read of the bytes is read of what the store kept. */
export const testCodec: WireCodec = {
  formOf: (object) => object,
  revive<T>(_identity: WireIdentity, bytes: Uint8Array, form: WireForm): WireObject<T> {
    const original = form as WireObject<T>
    if (Buffer.compare(bytes, original.bytes) !== 0) throw new Error(`the bytes of ${original.key} are not its own`)
    return original
  },
  readPath: ({ bytes }, parts) =>
    readFieldPath(JSON.parse(Buffer.from(bytes).toString()), parts).filter(
      (value) => value !== null && typeof value !== 'object',
    ) as string[],
}

export function entry(name: string, options: ThingOptions = {}): Entry<Thing> {
  return new Entry(wire(name, options), { codec: testCodec, hot: new HotObjects(), onQuarantine: () => {} })
}

/** `added web/a 1`, `updated web/a 1 -> 2`, `deleted web/a 2 (unseen)`. */
export function shown(change: Change<Thing>): string {
  const { key, resourceVersion } = change.object
  if (change.type === 'updated') {
    return `updated ${key} ${change.previous.resourceVersion} -> ${resourceVersion}${change.isResync ? ' (resync)' : ''}`
  }
  if (change.type === 'deleted') return `deleted ${key} ${resourceVersion}${change.finalStateKnown ? '' : ' (unseen)'}`
  return `added ${key} ${resourceVersion}${change.isInitialList ? ' (initial)' : ''}`
}
