import type { ServedResource } from '../catalog/registry.ts'
import type { Gates } from '../catalog/release.ts'
import type { Selection } from '../reads/selection.ts'
import type { StatusBody } from '../status.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { convert } from '../storage/conversion.ts'
import { BackwardWriter } from './backward-writer.ts'
import { encode, parse, toJson } from './encoding.ts'
import { writeStatus, writeText } from './envelope.ts'
import type { ObjectEncoder } from './object-encoder.ts'

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

/** Writes the events of one watch: what it selects, in the form it asked for. */
export class EventEncoder {
  readonly #objects: ObjectEncoder
  readonly #selection: Selection
  readonly #isProtobuf: boolean
  readonly #omitsZeroTimes: boolean

  constructor(objects: ObjectEncoder, selection: Selection, { omitsZeroTimes }: Pick<Gates, 'omitsZeroTimes'>) {
    this.#objects = objects
    this.#selection = selection
    this.#omitsZeroTimes = omitsZeroTimes
    this.#isProtobuf = objects.representation.encoding === 'protobuf'
  }

  get served(): ServedResource {
    return this.#objects.served
  }

  /**
   * The event by which a watcher hears of a write, if it does: what begins to match its selectors is
   * ADDED, what ceases to match is DELETED, with the object as it last matched and the version of the
   * write (apiserver `pkg/storage/cacher/cache_watcher.go`, `convertToWatchEvent`).
   */
  write(written: StoredVersion): Buffer | undefined {
    const version = convert(this.served, written)
    const { previous } = version
    const isSelected = !version.isDeleted && this.#selection.matches(version)
    const wasSelected = previous !== undefined && !previous.isDeleted && this.#selection.matches(previous)
    if (isSelected) return this.#frame(wasSelected ? 'MODIFIED' : 'ADDED', this.#objects.whole(version))
    if (!wasSelected) return undefined
    const last = version.isDeleted ? version : this.#restamped(previous, version)
    return this.#frame('DELETED', this.#objects.whole(last))
  }

  added(version: StoredVersion): Buffer {
    return this.#frame('ADDED', this.#objects.whole(version))
  }

  /** `isInitialEventsEnd` marks the end of a watch-list: everything that was there has been sent. */
  bookmark(revision: number, isInitialEventsEnd: boolean): Buffer {
    const object = this.#objects.bookmark({
      resourceVersion: String(revision),
      ...(isInitialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    })
    return this.#frame('BOOKMARK', this.#isDated ? withoutTime(object, revision) : object)
  }

  /** Whether a bookmark says that it was not created: what Go has a type for does, in JSON. */
  get #isDated(): boolean {
    const isTyped = this.served.isBuiltIn || this.#objects.representation.form !== 'object'
    return isTyped && !this.#omitsZeroTimes && !this.#isProtobuf
  }

  error(status: StatusBody): Buffer {
    if (!this.#isProtobuf) return this.#frame('ERROR', Buffer.from(toJson(status)))
    out.clear()
    writeStatus(out, status)
    return this.#frame('ERROR', out.copy())
  }

  #restamped(last: StoredVersion, { revision }: StoredVersion): StoredVersion {
    const object = parse(last.bytes)
    object.metadata.resourceVersion = String(revision)
    return { ...last, revision, bytes: encode(this.served, object) }
  }

  #frame(type: WatchEventType, object: Buffer): Buffer {
    return this.#isProtobuf ? protobufFrame(type, object) : jsonFrame(type, object)
  }
}

/** The version is the object's own where it comes last: a table has one too. */
function withoutTime(object: Buffer, revision: number): Buffer {
  const version = `"resourceVersion":"${revision}"`
  const at = object.lastIndexOf(version) + version.length
  return Buffer.concat([object.subarray(0, at), Buffer.from(',"creationTimestamp":null'), object.subarray(at)])
}

const END = Buffer.from('}\n')

/** One event is one line. */
function jsonFrame(type: WatchEventType, object: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`{"type":"${type}","object":`), object, END])
}

const TYPE = 0x0a
const OBJECT = 0x12
const RAW = 0x0a

/** Copied out of before anyone else writes. */
const out = new BackwardWriter()

/** The length in four bytes, then a `metav1.WatchEvent` with the whole object, envelope included. */
function protobufFrame(type: WatchEventType, object: Buffer): Buffer {
  out.clear()
  out.bytes(object)
  out.prefix(RAW, out.length)
  out.prefix(OBJECT, out.length)
  writeText(out, TYPE, type)
  const length = Buffer.allocUnsafe(4)
  length.writeUInt32BE(out.length)
  out.bytes(length)
  return out.copy()
}
