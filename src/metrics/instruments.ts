import { CONTROLLER_INSTRUMENTS } from './controller-metrics.ts'
import { GAUGES } from './gauges.ts'
import type { Instrument } from './instrument.ts'
import { REFLECTOR_INSTRUMENTS } from './reflector-metrics.ts'
import { REQUEST_INSTRUMENTS } from './request-metrics.ts'
import { SUBSCRIPTION_INSTRUMENTS } from './subscription-metrics.ts'

/** Everything that is measured. `docs/metrics.md` has the same table; a test compares them. */
export const INSTRUMENTS: readonly Instrument[] = [
  ...GAUGES,
  ...REFLECTOR_INSTRUMENTS,
  ...SUBSCRIPTION_INSTRUMENTS,
  ...CONTROLLER_INSTRUMENTS,
  ...REQUEST_INSTRUMENTS,
]
