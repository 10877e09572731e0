import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../api/generated/types/apps-v1.ts'
import type { CronJob, Job } from '../../api/generated/types/batch-v1.ts'
import type { PodTemplateSpec, ReplicationController } from '../../api/generated/types/core-v1.ts'
import { ageOf, humanDuration } from './human-duration.ts'
import { formatLabels, formatLabelSelector, formatSelector } from './labels.ts'
import type { PrintRow } from './printed-row.ts'

/* As the functions of the same names in kubernetes `pkg/printers/internalversion/printers.go`. */

export const printDeployment: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as Deployment
  return {
    cells: [
      metadata.name ?? '',
      `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`,
      status?.updatedReplicas ?? 0,
      status?.availableReplicas ?? 0,
      ageOf(metadata.creationTimestamp, now),
      ...containersOf(spec?.template),
      formatSelector(spec?.selector),
    ],
  }
}

export const printReplicaSet: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as ReplicaSet
  return {
    cells: [
      metadata.name ?? '',
      spec?.replicas ?? 1,
      status?.replicas ?? 0,
      status?.readyReplicas ?? 0,
      ageOf(metadata.creationTimestamp, now),
      ...containersOf(spec?.template),
      formatLabelSelector(spec?.selector),
    ],
  }
}

export const printReplicationController: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as ReplicationController
  return {
    cells: [
      metadata.name ?? '',
      spec?.replicas ?? 1,
      status?.replicas ?? 0,
      status?.readyReplicas ?? 0,
      ageOf(metadata.creationTimestamp, now),
      ...containersOf(spec?.template),
      formatLabels(spec?.selector),
    ],
  }
}

export const printStatefulSet: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as StatefulSet
  const ready = `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 1}`
  return {
    cells: [metadata.name ?? '', ready, ageOf(metadata.creationTimestamp, now), ...containersOf(spec?.template)],
  }
}

export const printDaemonSet: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as DaemonSet
  return {
    cells: [
      metadata.name ?? '',
      status?.desiredNumberScheduled ?? 0,
      status?.currentNumberScheduled ?? 0,
      status?.numberReady ?? 0,
      status?.updatedNumberScheduled ?? 0,
      status?.numberAvailable ?? 0,
      formatLabels(spec?.template?.spec?.nodeSelector),
      ageOf(metadata.creationTimestamp, now),
      ...containersOf(spec?.template),
      formatLabelSelector(spec?.selector),
    ],
  }
}

export const printJob: PrintRow = (object, now) => {
  const job = object as unknown as Job
  const { metadata, spec, status } = job
  const { startTime, completionTime } = status ?? {}
  const end = completionTime == null ? now : Date.parse(completionTime)
  return {
    cells: [
      metadata.name ?? '',
      jobStatusOf(job),
      completionsOf(job),
      startTime == null ? '' : humanDuration(end - Date.parse(startTime)),
      ageOf(metadata.creationTimestamp, now),
      ...containersOf(spec?.template),
      formatLabelSelector(spec?.selector),
    ],
  }
}

export const printCronJob: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as CronJob
  const { lastScheduleTime } = status ?? {}
  return {
    cells: [
      metadata.name ?? '',
      spec?.schedule ?? '',
      spec?.timeZone ?? '<none>',
      spec?.suspend ? 'True' : 'False',
      status?.active?.length ?? 0,
      lastScheduleTime == null ? '<none>' : ageOf(lastScheduleTime, now),
      ageOf(metadata.creationTimestamp, now),
      ...containersOf(spec?.jobTemplate?.spec?.template),
      formatLabelSelector(spec?.jobTemplate?.spec?.selector),
    ],
  }
}

function completionsOf({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0
  if (spec?.completions != null) return `${succeeded}/${spec.completions}`
  const parallelism = spec?.parallelism ?? 0
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function jobStatusOf({ metadata, status }: Job): string {
  const has = (type: string): boolean => status?.conditions?.find((c) => c.type === type)?.status === 'True'
  if (has('Complete')) return 'Complete'
  if (has('Failed')) return 'Failed'
  if (metadata.deletionTimestamp != null) return 'Terminating'
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(has) ?? 'Running'
}

/** The names of the containers, and their images. */
function containersOf(template: PodTemplateSpec | null | undefined): [names: string, images: string] {
  const containers = template?.spec?.containers ?? []
  return [containers.map(({ name }) => name ?? '').join(','), containers.map(({ image }) => image ?? '').join(',')]
}
