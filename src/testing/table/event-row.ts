import type { Event as CoreEvent } from '../../api/generated/types/core-v1.ts'
import { ageOf } from './human-duration.ts'
import type { PrintRow } from './printed-row.ts'

/** As `printEvent` of kubernetes `pkg/printers/internalversion/printers.go`, for both groups that events are in. */
export const printEvent: PrintRow = (object, now) => {
  const event = asCoreEvent(object)
  const first = ageOf(event.firstTimestamp ?? event.eventTime, now)
  const last = event.lastTimestamp == null ? first : ageOf(event.lastTimestamp, now)
  const { kind = '', name = '', fieldPath = '' } = event.involvedObject ?? {}
  const component = event.source?.component || event.reportingComponent || ''
  const host = event.source?.host || event.reportingInstance || ''
  return {
    cells: [
      event.series == null ? last : ageOf(event.series.lastObservedTime, now),
      event.type ?? '',
      event.reason ?? '',
      name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`,
      fieldPath,
      host === '' ? component : `${component}, ${host}`,
      (event.message ?? '').trim(),
      first,
      event.series == null ? event.count || 1 : (event.series.count ?? 0),
      event.metadata.name ?? '',
    ],
  }
}

/** Events of `events.k8s.io` are the same ones under other names. */
function asCoreEvent(object: { readonly [field: string]: unknown }): CoreEvent {
  if (object['apiVersion'] === 'v1') return object as unknown as CoreEvent
  return {
    ...object,
    involvedObject: object['regarding'],
    message: object['note'],
    source: object['deprecatedSource'],
    firstTimestamp: object['deprecatedFirstTimestamp'],
    lastTimestamp: object['deprecatedLastTimestamp'],
    count: object['deprecatedCount'],
    reportingComponent: object['reportingController'],
  } as unknown as CoreEvent
}
