/**
 * An API server in your process, for tests, with faults on command.
 *
 * @module kubeflume/testing
 */
export type { RecordedRequest } from './http/exchange.ts'
export type { AnswerFault, CutFault, GarbleFault, ListPlace, Matching, Times } from './faults/fault-plan.ts'
export type { CachesOf, FallBehindFault, Faults, RestartFault } from './faults/faults.ts'
export type { RequestFaults } from './faults/request-faults.ts'
export type { Manifest } from './seeding/manifests.ts'
export { ManualClock } from './manual-clock.ts'
export type { Release } from './catalog/release.ts'
export type { StatusCause } from './status.ts'
export { TestApiServer, type TestApiServerOptions } from './server.ts'
export { generatePods, pod, type PodOptions, type TestPod } from './pods.ts'
