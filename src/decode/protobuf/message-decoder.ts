import { KubeflumeError } from '../../api/errors.ts'
import { installReaders } from './hot-runtime.ts'
import { type MessagePlan, typedKey } from './message-plan.ts'
import { kindSchema } from './schema.ts'
import { plans, readByTable, readMessage, reset } from './table-reader.ts'

/**
 * Decodes one object of a LIST, or of a WATCH event without its envelope, into what `JSON.parse` would make
 * of the same object as Kubernetes 1.36 sends it as JSON, keys in the same order. Everything in the result is new.
 *
 * - A field that the table does not know is skipped: the server is newer.
 * - Of a field that must occur once the last one counts; messages that occur twice are merged, as in Go
 *   (but not across two occurrences of an embedded struct, which nothing writes).
 * - `fieldsV1` of managedFields is parsed when it is first read.
 * - Quantities and maps keep the form and the order of the bytes: Go writes them canonical and sorted.
 *
 * @throws {DecodeError} `ERR_DECODE_OBJECT`, with the offset in `bytes`.
 * @throws {KubeflumeError} `ERR_UNEXPECTED_KIND` for a kind that has no protobuf in the table.
 */
export function decodeObject(apiVersion: string, kind: string, bytes: Uint8Array): unknown {
  const schema = kindSchema(apiVersion, kind)
  if (schema === undefined) throw new KubeflumeError('ERR_UNEXPECTED_KIND', `no protobuf for ${apiVersion} ${kind}`)
  return decode(plans.get(typedKey(schema.message)), bytes)
}

/** Decodes a message of the table, `'core/v1.PodSpec'`, under the rules of {@link decodeObject}. */
export function decodeMessage(message: string, bytes: Uint8Array): unknown {
  return decode(plans.get(message), bytes)
}

installReaders({
  byTable: (message, bytes, start, end, depth) => readByTable(plans.get(message), bytes, start, end, depth),
  message: (message, bytes, start, end, depth) => readMessage(plans.get(message), bytes, start, end, depth),
})

function decode(plan: MessagePlan, bytes: Uint8Array): unknown {
  try {
    return readMessage(plan, bytes, 0, bytes.length, 0)
  } catch (error) {
    reset()
    throw error
  }
}
