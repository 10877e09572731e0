import type { StoredVersion } from '../storage/collection.ts'
import { encode, parse, sortedKeys, toJson } from './encoding.ts'
import { partialMetadata } from './list-body.ts'
import type { Representation } from './media-type.ts'
import type { ServedResource } from '../catalog/registry.ts'
import type { Selection } from '../reads/selection.ts'
import type { StatusBody } from '../status.ts'

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

/** Writes the events of one watch: what it selects, in the form it asked for. */
export interface EventEncoder {
  readonly served: ServedResource
  readonly selection: Selection
  readonly representation: Representation
}

/**
 * The event by which a watcher hears of a write, if it does: what begins to match its selectors is
 * ADDED, what ceases to match is DELETED, with the object as it last matched and the version of the
 * write (apiserver `pkg/storage/cacher/cache_watcher.go`, `convertToWatchEvent`).
 */
export function encodeWrite(encoder: EventEncoder, version: StoredVersion): Buffer | undefined {
  const { previous } = version
  const isSelected = !version.isDeleted && encoder.selection.matches(version)
  const wasSelected = previous !== undefined && !previous.isDeleted && encoder.selection.matches(previous)
  if (isSelected) return frame(wasSelected ? 'MODIFIED' : 'ADDED', objectBytes(encoder, version))
  if (!wasSelected) return undefined
  return frame('DELETED', objectBytes(encoder, version.isDeleted ? version : restamped(encoder, previous, version)))
}

export function encodeAdded(encoder: EventEncoder, version: StoredVersion): Buffer {
  return frame('ADDED', objectBytes(encoder, version))
}

/** `isInitialEventsEnd` marks the end of a watch-list: everything that was there has been sent. */
export function encodeBookmark(encoder: EventEncoder, revision: number, isInitialEventsEnd: boolean): Buffer {
  const isMetadata = encoder.representation === 'metadata'
  const object = {
    kind: isMetadata ? 'PartialObjectMetadata' : encoder.served.resource.kind,
    apiVersion: isMetadata ? 'meta.k8s.io/v1' : encoder.served.apiVersion,
    metadata: {
      resourceVersion: String(revision),
      ...(isInitialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    },
  }
  const isTyped = isMetadata || encoder.served.isBuiltIn
  return frame('BOOKMARK', Buffer.from(toJson(isTyped ? object : sortedKeys(object))))
}

export function encodeError(status: StatusBody): Buffer {
  return frame('ERROR', Buffer.from(toJson(status)))
}

function objectBytes(encoder: EventEncoder, version: StoredVersion): Buffer {
  return encoder.representation === 'metadata' ? partialMetadata(version) : version.bytes
}

function restamped({ served }: EventEncoder, last: StoredVersion, { revision }: StoredVersion): StoredVersion {
  const object = parse(last.bytes)
  object.metadata.resourceVersion = String(revision)
  return { ...last, revision, bytes: encode(served, object) }
}

const END = Buffer.from('}\n')

/** One event is one line. */
function frame(type: WatchEventType, object: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`{"type":"${type}","object":`), object, END])
}
