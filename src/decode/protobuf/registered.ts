import { apiVersionOf, type Resource } from '../../api/resource.ts'
import { DecodeError, KubeflumeError } from '../../api/errors.ts'
import { LENGTH_DELIMITED, walkFields } from './fields.ts'
import { decodeMessage } from './message-decoder.ts'
import { kindSchema } from './schema.ts'

/** What is used of a protobufjs `Root`. */
export interface ProtobufRoot {
  lookupType(name: string): ProtobufType
}

/** What is used of a protobufjs `Type`. */
export interface ProtobufType {
  decode(bytes: Uint8Array): object
  toObject(message: never, options: object): { [field: string]: unknown }
}

/** As close to JSON as protobufjs comes: what is not in the message is left out. */
const CONVERSION = { longs: Number, enums: String, bytes: String, json: true }

const registered = new Map<string, ProtobufType>()

/**
 * Says by which message the objects of a resource are decoded that Kubernetes' own table does not have: those
 * of an aggregated API that speaks protobuf. `messageName` is looked up in `root`, which protobufjs makes
 * from the API's `.proto` files. Its field 1 must be the ObjectMeta, as in every kind of Kubernetes; that one
 * is decoded as for the built-in kinds, the other fields as protobufjs converts them.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for a built-in kind, or a message that `root` does not have
 */
export function registerProtobuf(resource: Resource, root: ProtobufRoot, messageName: string): void {
  const apiVersion = apiVersionOf(resource)
  if (kindSchema(apiVersion, resource.kind) !== undefined) {
    throw new KubeflumeError('ERR_OPTION', `${apiVersion} ${resource.kind} is built in`)
  }
  try {
    registered.set(`${apiVersion}/${resource.kind}`, root.lookupType(messageName))
  } catch (cause) {
    throw new KubeflumeError('ERR_OPTION', `there is no message ${JSON.stringify(messageName)}`, { cause })
  }
}

/** Whether objects of the resource can be decoded from protobuf. */
export function canDecodeProtobuf(resource: Resource): boolean {
  const apiVersion = apiVersionOf(resource)
  return kindSchema(apiVersion, resource.kind) !== undefined || registered.has(`${apiVersion}/${resource.kind}`)
}

/** Decodes an object of a registered kind; undefined where none is registered. */
export function decodeRegistered(apiVersion: string, kind: string, bytes: Uint8Array): unknown {
  const type = registered.get(`${apiVersion}/${kind}`)
  if (type === undefined) return undefined
  let metadata: unknown = {}
  walkFields(bytes, 0, bytes.length, (number, wireType, start, end) => {
    if (number === 1 && wireType === LENGTH_DELIMITED)
      metadata = decodeMessage('meta/v1.ObjectMeta', bytes.subarray(start, end))
  })
  try {
    return { kind, apiVersion, ...type.toObject(type.decode(bytes) as never, CONVERSION), metadata }
  } catch (cause) {
    throw new DecodeError('ERR_DECODE_OBJECT', `no ${kind}`, { offset: 0, cause })
  }
}
