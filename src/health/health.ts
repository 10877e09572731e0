import { resourceName } from '../api/resource-name.ts'
import { type Clock, systemClock } from '../internal/clock.ts'
import { reporterOf } from '../internal/reporter.ts'
import { KubeflumeError } from '../api/errors.ts'
import { answerHealth, type HealthRequest, type HealthResponse } from './answer-health.ts'
import {
  type CheckedElector,
  type CheckedInformer,
  type CheckResult,
  electorProblem,
  type HealthCheck,
  informerProblem,
} from './health-check.ts'

/**
 * The longest that an informer may hear nothing while all is well, with some room: a watch without bookmarks ends
 * after ten minutes, one that is dead is given up half a minute later, and the next one may wait for half a minute
 * and be opened for a minute.
 */
const STALE_AFTER_MS = 12 * 60_000
/** What kube-controller-manager tolerates (cmd/kube-controller-manager/app/controllermanager.go). */
const OVERDUE_MS = 20_000

/** What is asked, and when it is too old. */
export interface HealthOptions {
  /** Those that must be synced, or a function that says which these are now. None by default. */
  readonly informers?: readonly CheckedInformer[] | (() => Iterable<CheckedInformer>) | undefined
  /**
   * An informer that has heard nothing for longer is not ready. @default 12 minutes: a watch without bookmarks may be
   * silent for ten, and what follows it takes up to two
   */
  readonly staleAfterMs?: number | undefined
  /** A LeaderElector: what goes on for more than 20 s after its lease was lost is stuck, and not alive. */
  readonly elector?: CheckedElector | undefined
  /** More that must be so for `readyz`, by name. */
  readonly readyz?: { readonly [name: string]: HealthCheck } | undefined
  /**
   * More that must be so for `healthz`, by name: what only a restart can mend. Nothing that the API server has a part in
   * belongs here: while it is down every pod would be restarted, again and again.
   */
  readonly healthz?: { readonly [name: string]: HealthCheck } | undefined
  /** What checks throw, as `ERR_HANDLER`; it is not shown to who asks. Without it: `process.emitWarning`. */
  readonly onError?: ((error: KubeflumeError) => void) | undefined
  /** That of the informers. */
  readonly clock?: Clock | undefined
}

/** The answer of one endpoint: `healthy` when no check has a problem. */
export interface HealthReport {
  readonly healthy: boolean
  readonly checks: readonly CheckResult[]
}

/** Tells whether this process is alive, and whether it is ready. */
export interface Health {
  /** Whether it is alive: that there is an answer says that the event loop turns. The API server has no part in it. */
  healthz(): HealthReport
  /** Whether all informers are synced and not stale. */
  readyz(): HealthReport
  /**
   * For `node:http`: answers GET and HEAD of `/healthz`, `/livez` (the same) and `/readyz` with 200 or 503, as the API server
   * does: `?verbose` lists the checks, `?exclude=<name>` leaves one out, `/readyz/<name>` asks for one. A
   * failure says in words which informer waits for what. Other paths get a 404.
   */
  readonly handler: (request: HealthRequest, response: HealthResponse) => void
}

/**
 * Makes the answers to the probes of a pod.
 *
 * @throws {KubeflumeError} `ERR_OPTION`
 */
export function createHealth(options: HealthOptions = {}): Health {
  const { staleAfterMs = STALE_AFTER_MS } = options
  if (!(staleAfterMs > 0))
    throw new KubeflumeError('ERR_OPTION', `staleAfterMs is ${staleAfterMs}: expected more than 0`)
  const report = reporterOf(options.onError, (cause) => new KubeflumeError('ERR_HANDLER', 'onError threw', { cause }))
  const run = (checks: Iterable<readonly [name: string, check: HealthCheck]>): HealthReport => {
    const results = Array.from(checks, ([name, check]) => ({ name, problem: problemOf(name, check, report) }))
    return { healthy: results.every(({ problem }) => problem === undefined), checks: results }
  }
  const health = {
    healthz: () => run([...aliveChecks(options), ...Object.entries(options.healthz ?? {})]),
    readyz: () => run([...informerChecks(options, staleAfterMs), ...Object.entries(options.readyz ?? {})]),
  }
  return { ...health, handler: (request, response) => answerHealth(health, request, response) }
}

function* aliveChecks({ elector }: HealthOptions): Generator<[string, HealthCheck]> {
  yield ['ping', () => undefined]
  if (elector !== undefined) yield ['leader-election', () => electorProblem(elector, OVERDUE_MS)]
}

function informerChecks(options: HealthOptions, staleAfterMs: number): (readonly [string, HealthCheck])[] {
  const { informers = [], clock = systemClock } = options
  const counts = new Map<string, number>()
  const checkOf = (informer: CheckedInformer): readonly [string, HealthCheck] => {
    const resource = resourceName(informer.resource)
    const count = (counts.get(resource) ?? 0) + 1
    counts.set(resource, count)
    const name = `informer/${resource}${count === 1 ? '' : `-${count}`}`
    return [name, () => informerProblem(informer, clock.now(), staleAfterMs)]
  }
  try {
    return Array.from(typeof informers === 'function' ? informers() : informers, checkOf)
  } catch (cause) {
    const failing = (): never => {
      throw cause
    }
    return [['informers', failing]]
  }
}

/** What a check throws may hold anything: it is reported, and not shown. */
function problemOf(name: string, check: HealthCheck, report: (error: KubeflumeError) => void): string | undefined {
  const threw = (cause: unknown): void =>
    report(new KubeflumeError('ERR_HANDLER', `the health check ${name} threw`, { cause }))
  try {
    const said: unknown = check() // in JavaScript it may be anything
    if (said === undefined || typeof said === 'string') return said
    Promise.resolve(said).catch(threw) // a probe does not wait for a promise, and must not end the process by it
    return 'the check said nothing'
  } catch (cause) {
    threw(cause)
    return 'reason withheld'
  }
}
