import type { ServedResource } from '../catalog/registry.ts'
import { type AnyObject, encode, parse } from '../encoding/encoding.ts'
import { metadataAlone } from '../encoding/internal-version.ts'
import { goText, sortedJson } from '../encoding/go-text.ts'
import { typedJson } from '../encoding/json-encoder.ts'
import type { Representation } from '../encoding/representation.ts'
import type { StoredVersion } from '../storage/collection.ts'
import type { Column, RowCondition } from './printed-row.ts'
import { printerOf, type TablePrinter } from './printers.ts'

/** Prints objects as rows of a `meta.k8s.io` Table, as kubectl shows them. One for each answer. */
export class TableWriter {
  readonly #served: ServedResource
  readonly #representation: Representation
  readonly #now: () => number
  readonly #printer: TablePrinter
  #hasColumns = false

  constructor(served: ServedResource, representation: Representation, now: () => number) {
    this.#served = served
    this.#representation = representation
    this.#now = now
    this.#printer = printerOf(served)
  }

  /** The definitions of the columns, in JSON. */
  get columns(): string {
    return `[${this.#printer.columns.map(columnJson).join(',')}]`
  }

  row({ bytes }: Pick<StoredVersion, 'bytes'>): Buffer {
    return Buffer.from(this.#row(parse(bytes)))
  }

  /** A table of one row. Only the first of an answer says what the columns are: events need no more. */
  object(object: AnyObject): string {
    const { resourceVersion } = object.metadata
    const metadata = typedJson('meta/v1.ListMeta', { resourceVersion })
    const columns = this.#hasColumns ? 'null' : this.columns
    this.#hasColumns = true
    const head = `{"kind":"Table","apiVersion":"meta.k8s.io/${this.#representation.metaVersion}","metadata":${metadata}`
    return `${head},"columnDefinitions":${columns},"rows":[${this.#row(object)}]}`
  }

  #row(object: AnyObject): string {
    const { cells, conditions } = this.#printer.print(object, this.#now())
    const parts = [`"cells":${sortedJson(cells)}`]
    if (conditions !== undefined) parts.push(`"conditions":[${conditions.map(conditionJson).join(',')}]`)
    parts.push(`"object":${this.#carried(object)}`)
    return `{${parts.join(',')}}`
  }

  /** The end of the initial events is marked in the metadata, which that row has whatever was asked for. */
  #carried(object: AnyObject): string {
    const { includeObject, metaVersion } = this.#representation
    if (includeObject === 'Object') return encode(this.#served, object).toString()
    const { annotations } = object.metadata as { readonly annotations?: { readonly [key: string]: string } }
    if (includeObject === 'None' && annotations?.['k8s.io/initial-events-end'] !== 'true') return 'null'
    const head = `"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/${metaVersion}"`
    return typedJson('meta/v1.PartialObjectMetadata', { metadata: metadataAlone(this.#served, object.metadata) }, head)
  }
}

function columnJson({ name, type, format, description, priority }: Column): string {
  const texts = `"name":${goText(name)},"type":${goText(type)},"format":${goText(format)},"description":${goText(description)}`
  return `{${texts},"priority":${priority}}`
}

function conditionJson({ type, status, reason, message }: RowCondition): string {
  const cause = `"reason":${goText(reason)},"message":${goText(message)}`
  return `{"type":${goText(type)},"status":${goText(status)},${cause}}`
}
