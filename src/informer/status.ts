import type { InformerStatus } from '../api/informer-status.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { ReflectorProgress } from './reflector-progress.ts'
import type { Run } from './run.ts'

/** The phases, the one that an informer of several scopes is said to be in first. */
const PHASES: readonly InformerStatus['phase'][] = ['stopped', 'backoff', 'listing', 'watching', 'idle']

/** Puts the status of an informer together from that of its reflectors. */
export function statusOf<T extends KubernetesObject>(run: Run<T>): InformerStatus {
  const { progress, store } = run
  const isSynced = run.isSynced
  const shown = progress.toSorted((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase))[0]
  const failed =
    progress.find(({ attempts }) => attempts > 0) ?? progress.find(({ lastError }) => lastError !== undefined)
  return {
    phase: shown?.phase ?? 'watching',
    synced: isSynced,
    reason: shown === undefined ? 'no namespace is followed' : reasonOf(shown, progress.length),
    strategy: shown?.strategy,
    encoding: shown?.encoding,
    resourceVersion: isSynced ? run.resourceVersion : undefined,
    items: isSynced ? store.size : sum(progress, ({ items }) => items),
    bytes: sum(progress, ({ bytes }) => bytes),
    totalBytes: progress.length === 1 ? shown?.totalBytes : undefined,
    attempts: Math.max(0, ...progress.map(({ attempts }) => attempts)),
    lastError: failed?.lastError,
    lastContactAt: oldestContact(progress),
    quarantined: store.quarantined.map(({ key, resourceVersion, error }) => ({ key, resourceVersion, error: error! })),
    scopes: progress.map(({ namespace, phase, resourceVersion }) => ({ namespace, phase, resourceVersion })),
  }
}

function reasonOf({ reason, namespace }: ReflectorProgress, scopes: number): string {
  return scopes > 1 ? `${namespace}: ${reason}` : reason
}

function sum(progress: readonly ReflectorProgress[], of: (progress: ReflectorProgress) => number): number {
  return progress.reduce((total, one) => total + of(one), 0)
}

/** The oldest contact is what says how stale the store may be. */
function oldestContact(progress: readonly ReflectorProgress[]): number | undefined {
  const contacts = progress.map(({ lastContactAt }) => lastContactAt)
  return contacts.some((at) => at === undefined) || contacts.length === 0
    ? undefined
    : Math.min(...(contacts as number[]))
}
