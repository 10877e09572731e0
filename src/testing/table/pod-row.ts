import type { ContainerState, ContainerStatus, Pod, PodStatus } from '../../api/generated/types/core-v1.ts'
import { ageOf } from './human-duration.ts'
import type { PrintedRow, PrintRow, RowCondition } from './printed-row.ts'

/** As `printPod` of kubernetes `pkg/printers/internalversion/printers.go`. */
export const printPod: PrintRow = (object, now): PrintedRow => {
  const pod = object as unknown as Pod
  const { spec, status = {} } = pod
  const counts = countContainers(pod)
  const { restarts, lastRestart } = counts
  const restarted =
    restarts !== 0 && lastRestart !== '' ? `${restarts} (${ageOf(lastRestart, now)} ago)` : `${restarts}`
  return {
    cells: [
      pod.metadata.name ?? '',
      `${counts.ready}/${counts.total}`,
      reasonOf(pod, counts.reason),
      restarted,
      ageOf(pod.metadata.creationTimestamp, now),
      status.podIP || status.podIPs?.[0]?.ip || '<none>',
      spec?.nodeName || '<none>',
      status.nominatedNodeName || '<none>',
      readinessGatesOf(pod),
    ],
    conditions: FINISHED[status.phase ?? ''],
  }
}

const FINISHED: { readonly [phase: string]: readonly RowCondition[] | undefined } = {
  Succeeded: [
    { type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' },
  ],
  Failed: [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }],
}

interface Counts {
  ready: number
  total: number
  restarts: number
  /** When a container was last restarted; empty where none was. */
  lastRestart: string
  reason: string
}

function countContainers(pod: Pod): Counts {
  const { spec, status = {} } = pod
  const sidecars = new Set(spec?.initContainers?.filter((c) => c.restartPolicy === 'Always').map(({ name }) => name))
  const isGated = status.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated') ?? false
  const counts: Counts = {
    ready: 0,
    total: (spec?.containers?.length ?? 0) + sidecars.size,
    restarts: 0,
    lastRestart: '',
    reason: isGated ? 'SchedulingGated' : status.reason || status.phase || '',
  }
  const ofSidecars = { restarts: 0, lastRestart: '' }
  const isInitializing = countInitContainers(pod, sidecars, counts, ofSidecars)
  if (!isInitializing || hasCondition(status, 'Initialized')) {
    Object.assign(counts, ofSidecars)
    countMainContainers(status, counts)
  }
  return counts
}

/** Whether an init container has not ended yet, or has failed. */
function countInitContainers(
  { spec, status }: Pod,
  sidecars: ReadonlySet<string>,
  counts: Counts,
  ofSidecars: Pick<Counts, 'restarts' | 'lastRestart'>,
): boolean {
  for (const [index, container] of (status?.initContainerStatuses ?? []).entries()) {
    const isSidecar = sidecars.has(container.name ?? '')
    countRestarts(container, counts)
    if (isSidecar) countRestarts(container, ofSidecars)
    const { terminated, waiting } = container.state ?? {}
    if (terminated != null && terminated.exitCode === 0) continue
    if (isSidecar && container.started === true) {
      if (container.ready) counts.ready++
      continue
    }
    const waits = waiting?.reason
    if (terminated != null) counts.reason = `Init:${endOf(terminated)}`
    else if (waits && waits !== 'PodInitializing') counts.reason = `Init:${waits}`
    else counts.reason = `Init:${index}/${spec?.initContainers?.length ?? 0}`
    return true
  }
  return false
}

function countMainContainers(status: PodStatus, counts: Counts): void {
  let isRunning = false
  let error = ''
  for (const container of (status.containerStatuses ?? []).toReversed()) {
    countRestarts(container, counts)
    const { waiting, terminated, running } = container.state ?? {}
    if (waiting?.reason) counts.reason = waiting.reason
    else if (terminated != null) {
      counts.reason = endOf(terminated)
      if (terminated.exitCode !== 0) error = counts.reason
    } else if (container.ready && running != null) {
      isRunning = true
      counts.ready++
    }
  }
  if (counts.reason !== 'Completed') return
  if (isRunning && hasCondition(status, 'Ready')) counts.reason = 'Running'
  else if (error !== '') counts.reason = error
  else if (isRunning) counts.reason = 'NotReady'
}

function countRestarts(container: ContainerStatus, counts: Pick<Counts, 'restarts' | 'lastRestart'>): void {
  counts.restarts += container.restartCount ?? 0
  const ended = container.lastState?.terminated?.finishedAt ?? ''
  if (ended > counts.lastRestart) counts.lastRestart = ended
}

function endOf({ reason, signal, exitCode }: NonNullable<ContainerState['terminated']>): string {
  if (reason) return reason
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`
}

function reasonOf({ metadata, status }: Pod, reason: string): string {
  if (metadata.deletionTimestamp == null) return reason
  if (status?.reason === 'NodeLost') return 'Unknown'
  return status?.phase === 'Succeeded' || status?.phase === 'Failed' ? reason : 'Terminating'
}

function hasCondition({ conditions }: PodStatus, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false
}

function readinessGatesOf({ spec, status = {} }: Pod): string {
  const gates = spec?.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  const open = gates.filter(({ conditionType }) => hasCondition(status, conditionType))
  return `${open.length}/${gates.length}`
}
