import { DecodeError, KubeflumeError } from '../api/errors.ts'
import type { PathReader } from '../api/path-reader.ts'
import type { WireObject } from '../api/wire-object.ts'
import { SkippedObject, type TypeMeta } from './identified-object.ts'
import { JsonObject } from './json/item.ts'
import { readJsonPath } from './json/read-path.ts'
import { ProtobufObject } from './protobuf/object.ts'
import { readProtobufPath } from './protobuf/read-path.ts'

/** Reads a path from the bytes of an object of either encoding; see `PathReader`. */
export const readWirePath: PathReader = (object, parts) => {
  try {
    return valuesOf(object, parts).filter(
      (value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean',
    )
  } catch (error) {
    if (!(error instanceof KubeflumeError)) throw error
    const offset = error instanceof DecodeError ? error.offset : 0
    throw new DecodeError('ERR_DECODE_OBJECT', `${object.key}: ${parts.join('.')} cannot be read`, {
      offset,
      key: object.key,
    })
  }
}

function valuesOf(object: WireObject, parts: readonly string[]): readonly unknown[] {
  if (object instanceof SkippedObject) object.decode() // throws: nobody has looked at it
  const { apiVersion, kind } =
    object instanceof ProtobufObject || object instanceof JsonObject ? object.typeMeta : NO_TYPE
  if (object.encoding === 'protobuf') return readProtobufPath(apiVersion ?? '', kind ?? '', object.bytes, parts)
  const values = readJsonPath(object.bytes, parts)
  if (values.length > 0 || parts.length !== 1) return values
  // the items of a built-in list do not say what they are
  return [parts[0] === 'kind' ? kind : parts[0] === 'apiVersion' ? apiVersion : undefined]
}

const NO_TYPE: TypeMeta = { apiVersion: undefined, kind: undefined }
