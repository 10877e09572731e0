/**
 * The decoders alone: the bytes of a LIST or a WATCH in, objects out. No I/O, no timers.
 *
 * @module kubeflume/decode
 */
export { createListDecoder, createWatchDecoder } from './create-decoder.ts'
export {
  DEFAULT_MAX_ITEM_BYTES,
  type DecoderOptions,
  type ListDecoder,
  type WatchDecoder,
  type WireEvent,
} from './decoder.ts'
export { type ProtobufRoot, type ProtobufType, registerProtobuf } from './protobuf/registered.ts'
export { readWirePath } from './read-path.ts'
export { ApiError, DecodeError, type ErrorCode, KubeflumeError } from '../api/errors.ts'
export type { FieldPath } from '../api/field-path.ts'
export type { PathReader } from '../api/path-reader.ts'
export type { KubernetesObject, ObjectMeta } from '../api/object.ts'
export type { Resource } from '../api/resource.ts'
export type { ListMetadata, WireObject } from '../api/wire-object.ts'
