/**
 * Whoever compiles with exactOptionalPropertyTypes can pass a value on that may be undefined: every optional input
 * takes it. `npm run types` is the test.
 */
import type {
  ApplyOptions,
  CustomKind,
  DeleteOptions,
  HealthOptions,
  InformerFactoryOptions,
  InformerOptions,
  InformerScope,
  ListQuery,
  ObjectKey,
  PatchOptions,
  Pod,
  Selector,
  SubscribeOptions,
  Until,
  VerifyOptions,
  Versioned,
  WriterOptions,
} from 'kubeflume'
import type {
  ControllerOptions,
  EventDetails,
  EventRecorderOptions,
  FinalizerOptions,
  LeaderElectorOptions,
  ReconcileResult,
} from 'kubeflume/controller'
import type { DecoderOptions } from 'kubeflume/decode'
import type {
  AnswerFault,
  CutFault,
  FallBehindFault,
  GarbleFault,
  Matching,
  PodOptions,
  RestartFault,
  TestApiServerOptions,
  Times,
} from 'kubeflume/testing'

interface None {}
/** The properties that may be left out and cannot be undefined. */
type Closed<O> = O extends unknown
  ? {
      [K in keyof O]-?: None extends Pick<O, K> ? (undefined extends Required<O>[K] ? never : K) : never
    }[keyof O]
  : never
declare function closed<O>(): Closed<O>

closed<InformerOptions<Pod, 'node'>>() satisfies never
closed<InformerFactoryOptions>() satisfies never
closed<InformerScope>() satisfies never
closed<SubscribeOptions<Pod>>() satisfies never
closed<ListQuery<'node'>>() satisfies never
closed<Until>() satisfies never
closed<VerifyOptions>() satisfies never
closed<Versioned>() satisfies never
closed<NonNullable<Versioned['metadata']>>() satisfies never
closed<CustomKind>() satisfies never
closed<Exclude<ObjectKey, string>>() satisfies never
closed<Exclude<Selector, string>>() satisfies never
closed<NonNullable<Exclude<Selector, string>['matchExpressions']>[number]>() satisfies never
closed<WriterOptions>() satisfies never
closed<ApplyOptions>() satisfies never
closed<PatchOptions>() satisfies never
closed<DeleteOptions>() satisfies never
closed<HealthOptions>() satisfies never
closed<ControllerOptions<Pod, 'node'>>() satisfies never
closed<FinalizerOptions<Pod>>() satisfies never
closed<LeaderElectorOptions>() satisfies never
closed<EventRecorderOptions>() satisfies never
closed<EventDetails>() satisfies never
closed<ReconcileResult>() satisfies never
closed<DecoderOptions<Pod>>() satisfies never
closed<TestApiServerOptions>() satisfies never
closed<PodOptions>() satisfies never
closed<AnswerFault>() satisfies never
closed<CutFault>() satisfies never
closed<FallBehindFault>() satisfies never
closed<GarbleFault>() satisfies never
closed<Matching>() satisfies never
closed<RestartFault>() satisfies never
closed<Times>() satisfies never

// this file can tell
closed<{ readonly a?: string }>() satisfies 'a'
// @ts-expect-error and does
closed<{ readonly a?: string; readonly b?: string | undefined }>() satisfies never
