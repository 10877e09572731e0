import { channel } from 'node:diagnostics_channel'
import type { Census, ControllerReport, InformerReport } from '../api/census.ts'
import { CENSUS_CHANNEL } from '../api/channels.ts'
import { resourceName } from '../api/resource-name.ts'
import { queueLabels } from './controller-metrics.ts'
import { gauge, type Instrument, type Labels, seconds } from './instrument.ts'

const INFORMERS = gauge('kubeflume_informers', ['resource', 'phase'], 'Informers that run, by what they are doing.')
const SYNCED = gauge('kubeflume_informer_synced', ['resource'], '1 when all informers of it are synced, else 0.', 'min')
const CONTACT_AGE = gauge(
  'kubeflume_informer_last_contact_age_seconds',
  ['resource'],
  'Since bytes last came from the server: of the informer for which it is longest.',
  'max',
)
const ATTEMPTS = gauge(
  'kubeflume_informer_failed_attempts',
  ['resource'],
  'Requests that have failed in a row: of the informer with most of them.',
  'max',
)
const OBJECTS = gauge(
  'kubeflume_store_objects',
  ['resource'],
  'Objects in the stores; in a first list, those that came.',
)
const BYTES = gauge('kubeflume_store_bytes', ['resource'], 'What the bytes of those objects take in memory.')
const UNREADABLE = gauge('kubeflume_store_quarantined_objects', ['resource'], 'Objects that cannot be read.')
const SUBSCRIPTIONS = gauge('kubeflume_subscriptions', ['resource'], 'Subscriptions to informers that run.')
const PENDING = gauge('kubeflume_subscription_pending_deltas', ['resource'], 'Deltas that wait for handlers.')
const DEPTH = gauge('workqueue_depth', ['name', 'controller'], 'Keys that wait for a run.')
const UNFINISHED = gauge(
  'workqueue_unfinished_work_seconds',
  ['name', 'controller'],
  'How long the runs have been that are under way, all together: what grows without an end is stuck.',
)
const LONGEST = gauge(
  'workqueue_longest_running_processor_seconds',
  ['name', 'controller'],
  'How long the longest run has been that is under way.',
  'max',
)
const FAILING = gauge(
  'kubeflume_controller_failing_keys',
  ['controller'],
  'Keys that failed and wait to be tried again.',
)
const WORKERS = gauge('controller_runtime_active_workers', ['controller'], 'Runs that are under way.')
const MAX_WORKERS = gauge(
  'controller_runtime_max_concurrent_reconciles',
  ['controller'],
  'How many runs may be under way at once.',
)
const LEADER = gauge(
  'leader_election_master_status',
  ['name'],
  '1 while this process leads by the lease of that name, 0 while it stands by.',
  'max',
)

export const GAUGES: readonly Instrument[] = [
  INFORMERS,
  SYNCED,
  CONTACT_AGE,
  ATTEMPTS,
  OBJECTS,
  BYTES,
  UNREADABLE,
  SUBSCRIPTIONS,
  PENDING,
  DEPTH,
  UNFINISHED,
  LONGEST,
  FAILING,
  WORKERS,
  MAX_WORKERS,
  LEADER,
]

/** What a gauge is now, for one combination of its labels. */
export interface Sample {
  readonly labels: Labels
  readonly value: number
}

/** Asks what runs in this process how it is now. */
export function readGauges(): ReadonlyMap<Instrument, readonly Sample[]> {
  const samples = new Samples()
  const census: Census = {
    informer: (report) => addInformer(samples, report),
    subscription: ({ resource, pending }) => {
      samples.add(SUBSCRIPTIONS, { resource: resourceName(resource) }, 1)
      samples.add(PENDING, { resource: resourceName(resource) }, pending)
    },
    controller: (report) => addController(samples, report),
    elector: ({ name, isLeading }) => samples.add(LEADER, { name }, Number(isLeading)),
  }
  channel(CENSUS_CHANNEL).publish(census)
  return samples.all()
}

function addInformer(samples: Samples, { resource, status, contactAgeMs, storedBytes }: InformerReport): void {
  const labels = { resource: resourceName(resource) }
  samples.add(INFORMERS, { ...labels, phase: status.phase }, 1)
  samples.add(SYNCED, labels, Number(status.synced))
  if (contactAgeMs !== undefined) samples.add(CONTACT_AGE, labels, seconds(contactAgeMs))
  samples.add(ATTEMPTS, labels, status.attempts)
  samples.add(OBJECTS, labels, status.items)
  samples.add(BYTES, labels, storedBytes)
  samples.add(UNREADABLE, labels, status.quarantined.length)
}

function addController(samples: Samples, report: ControllerReport): void {
  const { controller } = report
  const labels = queueLabels(controller)
  samples.add(DEPTH, labels, report.depth)
  samples.add(UNFINISHED, labels, seconds(report.unfinishedMs))
  samples.add(LONGEST, labels, seconds(report.longestRunningMs))
  samples.add(FAILING, { controller }, report.failing)
  samples.add(WORKERS, { controller }, report.running)
  samples.add(MAX_WORKERS, { controller }, report.concurrency)
}

/** Values by instrument and labels, those of the same labels combined. */
class Samples {
  readonly #byInstrument = new Map<Instrument, Map<string, Sample>>()

  add(instrument: Instrument, labels: Labels, value: number): void {
    const byLabels = this.#byInstrument.get(instrument) ?? new Map<string, Sample>()
    this.#byInstrument.set(instrument, byLabels)
    const key = JSON.stringify(labels)
    const known = byLabels.get(key)?.value
    byLabels.set(key, { labels, value: known === undefined ? value : combined(instrument, known, value) })
  }

  all(): ReadonlyMap<Instrument, readonly Sample[]> {
    return new Map([...this.#byInstrument].map(([instrument, byLabels]) => [instrument, [...byLabels.values()]]))
  }
}

function combined({ combine = 'sum' }: Instrument, one: number, other: number): number {
  return combine === 'sum' ? one + other : Math[combine](one, other)
}
