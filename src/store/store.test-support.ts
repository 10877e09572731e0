import type { KubernetesObject } from '../api/object.ts'
import type { WireObject } from '../api/wire-object.ts'
import type { Change } from './change.ts'
import { Entry } from './entry.ts'

export interface Thing extends KubernetesObject {
  readonly spec?: { readonly [field: string]: unknown }
}

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

export function entry(name: string, options: ThingOptions = {}): Entry<Thing> {
  return new Entry(wire(name, options), { isVisible: true, onQuarantine: () => {} })
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
