import type { ServedResource } from '../catalog/registry.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { TableWriter } from '../table/table-writer.ts'
import { BackwardWriter } from './backward-writer.ts'
import { type AnyObject, messageOf, parse } from './encoding.ts'
import { writeEnveloped } from './envelope.ts'
import { emptyObject, metadataAlone } from './internal-version.ts'
import { sortedJson } from './go-text.ts'
import { typedJson } from './json-encoder.ts'
import { writeTyped } from './protobuf-encoder.ts'
import type { Representation } from './representation.ts'

const METADATA_MESSAGE = 'meta/v1.PartialObjectMetadata'

/** What is written backwards is copied out before anyone else writes: one room for all. */
const scratch = new BackwardWriter()

/**
 * Writes the objects of one answer, from what is held of them: in JSON that is what is sent, anything else
 * is made from it, one object at a time.
 */
export class ObjectEncoder {
  readonly served: ServedResource
  readonly representation: Representation
  /** Set where the form is a table. */
  readonly table: TableWriter | undefined

  constructor(served: ServedResource, representation: Representation, now: () => number) {
    this.served = served
    this.representation = representation
    if (representation.form === 'table') this.table = new TableWriter(served, representation, now)
  }

  get #isProtobuf(): boolean {
    return this.representation.encoding === 'protobuf'
  }

  /** Of the objects: their own, or that of their metadata. */
  get kind(): { readonly apiVersion: string; readonly kind: string } {
    if (this.representation.form === 'object') {
      return { apiVersion: this.served.apiVersion, kind: this.served.resource.kind }
    }
    const apiVersion = `meta.k8s.io/${this.representation.metaVersion}`
    return { apiVersion, kind: this.table === undefined ? 'PartialObjectMetadata' : 'Table' }
  }

  /** An object on its own, as a GET or a watch event has it, without the end of a line. */
  whole({ bytes }: Pick<StoredVersion, 'bytes'>): Buffer {
    if (this.representation.form === 'object' && !this.#isProtobuf) return bytes
    return this.#whole(parse(bytes))
  }

  /** An object of this resource with nothing but a version and annotations: what a bookmark carries. */
  bookmark(metadata: {
    readonly resourceVersion: string
    readonly annotations?: { readonly [key: string]: string }
  }): Buffer {
    return this.#whole(emptyObject(this.served, metadata))
  }

  /** The message of an item of a protobuf LIST. */
  writeMessage(out: BackwardWriter, { bytes }: Pick<StoredVersion, 'bytes'>): void {
    writeTyped(out, this.#message ?? '', this.#partOf(parse(bytes)))
  }

  #whole(object: AnyObject): Buffer {
    if (this.table !== undefined) return Buffer.from(this.table.object(object))
    const message = this.#message
    if (this.#isProtobuf) {
      scratch.clear()
      writeEnveloped(scratch, { ...this.kind, message: message ?? '' }, this.#partOf(object))
      return scratch.copy()
    }
    const { kind, apiVersion } = this.kind
    if (message === undefined) return Buffer.from(sortedJson({ ...object, kind, apiVersion }))
    return Buffer.from(typedJson(message, this.#partOf(object), `"kind":"${kind}","apiVersion":"${apiVersion}"`))
  }

  get #message(): string | undefined {
    return this.representation.form === 'metadata' ? METADATA_MESSAGE : messageOf(this.served)
  }

  #partOf(object: AnyObject): object {
    if (this.representation.form !== 'metadata') return object
    return { metadata: metadataAlone(this.served, object.metadata) }
  }
}
