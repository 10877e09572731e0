import { ApiError, KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import { isOlder } from '../api/resource-version.ts'
import type { Clock } from '../internal/clock.ts'
import { pause } from '../internal/pause.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { Comparison } from './comparison.ts'
import type { Follower } from './follower.ts'
import type { VerifyReport } from './informer.ts'
import type { ListWatcher } from './list-watcher.ts'
import { mend } from './mend.ts'

const MAX_ATTEMPTS = 3
/** Where the server does not say how long it takes to catch up. */
const RETRY_MS = 1000

export interface VerifyContext<T extends KubernetesObject> {
  readonly store: ObjectStore<T>
  readonly follower: Follower<T>
  readonly listWatcher: ListWatcher<T>
  /** Resolves when the follower has no list under way (what is in the store is then the state of one version), or is stopped. */
  readonly settled: () => Promise<void>
  readonly content: boolean
  readonly repair: boolean
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Holds one scope of a store against the server, at the version X that it has: what it has is noted down,
 * and compared with an exact list of X while the watch goes on. A list "not older than X" would not do: it
 * is answered by the very cache that may have been wrong. Where the server does not have X any more, or not
 * yet, or where the scope is listed anew meanwhile, it begins again with a newer X. Where the scope is no longer
 * followed, there is nothing to say: undefined.
 */
export async function verifyScope<T extends KubernetesObject>(
  context: VerifyContext<T>,
): Promise<VerifyReport | undefined> {
  const { follower } = context
  for (let attempt = 1; ; attempt++) {
    await context.settled()
    context.signal.throwIfAborted()
    if (follower.isStopped) return undefined
    try {
      const report = await verifyOnce(context)
      return follower.isStopped ? undefined : report
    } catch (error) {
      context.signal.throwIfAborted()
      if (follower.isStopped) return undefined
      if (attempt === MAX_ATTEMPTS || !isOutdated(error)) throw error
      const retryAfterMs = error instanceof ApiError ? error.retryAfterMs : undefined
      await pause(context.clock, retryAfterMs ?? RETRY_MS, context.signal)
    }
  }
}

async function verifyOnce<T extends KubernetesObject>(context: VerifyContext<T>): Promise<VerifyReport> {
  const { repair } = context
  using comparison = new Comparison(context)
  await comparison.run()
  const isWrong = comparison.wrong > 0
  if (repair && isWrong) {
    const wires = await comparison.listWrong()
    if (comparison.isReplaced) throw listedMeanwhile()
    await mend(context, comparison, wires)
  }
  return comparison.report(repair && isWrong)
}

/** All scopes as one. */
export function mergeReports(reports: readonly VerifyReport[]): VerifyReport {
  const versions = reports.map(({ resourceVersion }) => resourceVersion)
  return {
    resourceVersion: versions.reduce(
      (oldest, version) => (isOlder(version, oldest) ? version : oldest),
      versions[0] ?? '',
    ),
    compared: reports.reduce((sum, { compared }) => sum + compared, 0),
    missing: reports.flatMap(({ missing }) => missing),
    extra: reports.flatMap(({ extra }) => extra),
    stale: reports.flatMap(({ stale }) => stale),
    repaired: reports.some(({ repaired }) => repaired),
  }
}

/** The server does not have that version any more, or not yet. */
function isOutdated(error: unknown): boolean {
  return (
    error instanceof KubeflumeError &&
    (error.code === 'ERR_RESOURCE_EXPIRED' || error.code === 'ERR_RESOURCE_VERSION_TOO_LARGE')
  )
}

function listedMeanwhile(): KubeflumeError {
  return new KubeflumeError('ERR_RESOURCE_EXPIRED', 'verify: the store was replaced by a list meanwhile', {
    retryable: true,
  })
}
