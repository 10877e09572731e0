import { systemClock } from '../internal/clock.ts'
import { CustomResources } from './catalog/custom-resources.ts'
import { Registry } from './catalog/registry.ts'
import { DEFAULT_RELEASE, gatesOf } from './catalog/release.ts'
import { FaultPlan } from './faults/fault-plan.ts'
import type { HandlerParts } from './http/request-handler.ts'
import { OpenWatches } from './reads/open-watches.ts'
import { objectsOf } from './seeding/manifests.ts'
import { seed } from './seeding/seed.ts'
import type { TestApiServerOptions } from './server.ts'
import { CompactionSchedule } from './storage/compaction-schedule.ts'
import { Replicas } from './storage/replicas.ts'
import { parseRevision } from './storage/revision.ts'
import { Storage } from './storage/storage.ts'
import { ObjectsWriter } from './writes/objects-writer.ts'

/** As kube-apiserver's `--etcd-compaction-interval`. */
const COMPACTION_INTERVAL_MS = 5 * 60_000
/** As apiserver's `pkg/storage/cacher`, `blockTimeout`. */
const FRESHNESS_TIMEOUT_MS = 3000

/** Puts a server together, all but its connections, with what is there from the start. */
export function createParts(options: TestApiServerOptions): HandlerParts {
  const { clock = systemClock, release = DEFAULT_RELEASE } = options
  const { compactionIntervalMs = COMPACTION_INTERVAL_MS, freshnessTimeoutMs = FRESHNESS_TIMEOUT_MS } = options
  const gates = gatesOf(release)
  const storage = new Storage(
    compactionIntervalMs > 0 ? new CompactionSchedule(clock, compactionIntervalMs) : undefined,
  )
  const faults = new FaultPlan()
  const registry = new Registry()
  const writer = new ObjectsWriter({ storage, clock, registry, tracksFields: options.managedFields })
  CustomResources.follow(registry, storage, (served, isLast) => replicas.withdraw(served, isLast))
  const { crds = [], objects = [], manifests = [], resourceVersion = '0' } = options
  seed(
    { registry, storage, writer },
    { crds, objects: [...objects, ...manifests.flatMap(objectsOf)], resourceVersion: parseRevision(resourceVersion) },
  )
  const watches = new OpenWatches({ clock, storage, faults })
  // After the watches, which must hear of a write before the caches do; after the seeding, which is none.
  const replicas = new Replicas({ storage, clock, gates })
  return {
    storage,
    faults,
    clock,
    release,
    gates,
    registry,
    requests: [],
    watches,
    replicas,
    writer,
    freshnessTimeoutMs,
  }
}
