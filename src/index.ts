export { createInformer, createWriter } from './client.ts'
export { ApiError, DecodeError, type ErrorCode, KubeflumeError, reasonOf, SyncError } from './api/errors.ts'
export type { FieldPath } from './api/field-path.ts'
export type { InformerStatus } from './api/informer-status.ts'
export { keyOf, type ObjectKey } from './api/key.ts'
export type {
  BackoffObservation,
  HandlerObservation,
  ListObservation,
  Observed,
  Observer,
  PageObservation,
  QuarantineObservation,
  RelistObservation,
  WatchEndObservation,
} from './api/observer.ts'
export type { KubeConfigLike } from './api/kube-config.ts'
export {
  type DeepReadonly,
  type KubernetesObject,
  type ManagedFieldsEntry,
  mutable,
  type New,
  type ObjectMeta,
  type OwnerReference,
  type Partially,
} from './api/object.ts'
export type { Lister, ListQuery } from './api/query.ts'
export {
  type CustomKind,
  type CustomResource,
  customResource,
  metadataOnly,
  type ObjectOf,
  type Resource,
  type Schema,
} from './api/resource.ts'
// the built-in kinds, `Pod` and all the others: the one list that is written by a generator
export type * from './api/generated/index.ts'
export { resources } from './api/generated/index.ts'
export type { Selector } from './api/selector.ts'
export type { Clock } from './internal/clock.ts'
export type { Until } from './internal/until.ts'
export type { Delta, Handlers } from './informer/delta.ts'
export type {
  Gone,
  Informer,
  InformerOptions,
  InformerScope,
  VerifyOptions,
  VerifyReport,
  Versioned,
} from './informer/informer.ts'
export type { SubscribeOptions, Subscription } from './informer/subscription.ts'
export type { ApplyOptions, DeleteOptions, PatchOptions, Writer, WriterOptions } from './write/writer.ts'
