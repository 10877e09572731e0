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
  const shown = progress.toSorted((a, b) => rank(a) - rank(b))[0]
  const { quarantined } = store
  const failed =
    progress.find(({ attempts }) => attempts > 0) ?? progress.find(({ lastError }) => lastError !== undefined)
  return {
    phase: shown?.phase ?? 'watching',
    synced: isSynced,
    reason: reasonOf(shown, progress) + remark(quarantined.length),
    strategy: shown?.strategy,
    encoding: shown?.encoding,
    resourceVersion: isSynced ? run.resourceVersion : undefined,
    items: isSynced ? store.size : sum(progress, ({ items }) => items),
    bytes: sum(progress, ({ bytes }) => bytes),
    totalBytes: progress.length === 1 ? shown?.totalBytes : undefined,
    attempts: Math.max(0, ...progress.map(({ attempts }) => attempts)),
    lastError: failed?.lastError,
    lastContactAt: oldestContact(progress),
    quarantined,
    scopes: progress.map(({ namespace, phase, resourceVersion }) => ({ namespace, phase, resourceVersion })),
  }
}

/** What is not synced is waited for: it is shown before what is. */
function rank({ phase, isSynced }: ReflectorProgress): number {
  return PHASES.indexOf(phase) + (isSynced ? PHASES.length : 0)
}

function reasonOf(shown: ReflectorProgress | undefined, progress: readonly ReflectorProgress[]): string {
  if (shown === undefined) return 'no namespace is followed'
  const reason = shown.reason + howFar(shown)
  if (progress.length === 1) return reason
  const others = progress.filter((one) => one !== shown && !one.isSynced).length
  return `${shown.namespace}: ${reason}${others > 0 ? `; ${others} more of ${progress.length} are not synced` : ''}`
}

/** Of a list under way, as far as it has come. */
function howFar({ hasOpenList, phase, items, bytes, totalBytes }: ReflectorProgress): string {
  if (!hasOpenList || phase !== 'listing' || bytes === 0) return ''
  return `: ${items} items so far, ${bytes}${totalBytes === undefined ? '' : ` of ${totalBytes}`} bytes`
}

function remark(quarantined: number): string {
  return quarantined === 0 ? '' : `; ${quarantined} of the objects cannot be read`
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
