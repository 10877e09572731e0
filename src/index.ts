/**
 * Informers, writers, resources and errors.
 *
 * @module kubeflume
 */
export { createInformer, createWriter, InformerFactory, type InformerFactoryOptions } from './client.ts'
export {
  ApiError,
  type ApiErrorOptions,
  DecodeError,
  type ErrorCode,
  KubeflumeError,
  type KubeflumeErrorOptions,
  reasonOf,
  SyncError,
} from './api/errors.ts'
export type { FieldPath } from './api/field-path.ts'
export type { InformerStatus } from './api/informer-status.ts'
export { keyOf, type ObjectKey } from './api/key.ts'
export type {
  BackoffObservation,
  CoalescedObservation,
  HandlerObservation,
  ListObservation,
  ListReason,
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
export type { Census, ControllerReport, ElectorReport, InformerReport, SubscriptionReport } from './api/census.ts'
export type { RequestObservation, RequestObserver } from './api/request-observer.ts'
export type { LabelSelector, Selector } from './api/selector.ts'
export type { HealthRequest, HealthResponse } from './health/answer-health.ts'
export { createHealth, type Health, type HealthOptions, type HealthReport } from './health/health.ts'
export type { CheckedElector, CheckedInformer, CheckResult, HealthCheck } from './health/health-check.ts'
export type { Clock } from './internal/clock.ts'
export type { Until } from './internal/until.ts'
export type { Delta, DeltaHandler, Handlers } from './informer/delta.ts'
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
