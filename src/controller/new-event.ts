import type { ObjectReference } from '../api/generated/types/core-v1.ts'
import type { Event } from '../api/generated/types/events-v1.ts'
import type { DeepReadonly, KubernetesObject, New } from '../api/object.ts'
import { microTime } from './micro-time.ts'

/** What has happened to an object, in words. */
export interface EventDetails {
  type: 'Normal' | 'Warning'
  /** Why, as a machine reads it: `'FailedMount'`. What is above 128 bytes is cut off. */
  reason: string
  /** What was done or tried: `'MountVolume'`. What is above 128 bytes is cut off. */
  action: string
  /** The same for people. What is above 1 kB is cut off. */
  note: string
  /** A second object, that the event is about too. */
  related?: DeepReadonly<KubernetesObject> | undefined
}

/** Who records. */
export interface EventSource {
  readonly controller: string
  readonly instance: string
}

// pkg/apis/core/validation/events.go: all in bytes
export const MAX_NOTE_BYTES = 1024
const MAX_WORD_BYTES = 128
/** Of the 253 of a name, without a dot and the time behind it. */
const MAX_NAME_LENGTH = 235
const ELLIPSIS = '…'

/**
 * The event as events.k8s.io/v1 takes it, in the namespace of its object (`default` where that has none). `stamp`
 * in microseconds is part of its name, so two events never have the same.
 */
export function newEvent(
  object: DeepReadonly<KubernetesObject>,
  details: EventDetails,
  { controller, instance }: EventSource,
  stamp: number,
): New<Event> {
  const { type, related } = details
  const { namespace = 'default', name } = object.metadata
  return {
    metadata: { namespace, name: `${nameFor(name)}.${(BigInt(stamp) * 1000n).toString(16)}` },
    eventTime: microTime(stamp / 1000),
    reportingController: controller,
    reportingInstance: instance,
    type,
    reason: upToBytes(details.reason, MAX_WORD_BYTES),
    action: upToBytes(details.action, MAX_WORD_BYTES),
    note: upToBytes(details.note, MAX_NOTE_BYTES, ELLIPSIS),
    regarding: referenceTo(object),
    ...(related !== undefined && { related: referenceTo(related) }),
  }
}

function referenceTo({ apiVersion, kind, metadata }: DeepReadonly<KubernetesObject>): ObjectReference {
  const { namespace, name, uid, resourceVersion } = metadata
  return { apiVersion, kind, name, uid, resourceVersion, ...(namespace !== undefined && { namespace }) }
}

/** Names of roles, say, may hold what the name of an event may not. */
function nameFor(name: string): string {
  const plain = name
    .slice(0, MAX_NAME_LENGTH)
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, '-')
  return plain.replaceAll(/^[.-]+|[.-]+$|(?<=[.-])\.|\.(?=-)/g, '') || 'object'
}

/** Cuts between two characters. */
function upToBytes(text: string, bytes: number, end = ''): string {
  const encoder = new TextEncoder()
  if (encoder.encode(text).length <= bytes) return text
  const room = new Uint8Array(bytes - encoder.encode(end).length)
  return text.slice(0, encoder.encodeInto(text, room).read) + end
}
