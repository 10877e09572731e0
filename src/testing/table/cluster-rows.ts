import type { Lease } from '../../api/generated/types/coordination-v1.ts'
import type { ConfigMap, Namespace, Node, Secret, ServiceAccount } from '../../api/generated/types/core-v1.ts'
import type { PodDisruptionBudget } from '../../api/generated/types/policy-v1.ts'
import type { RoleBinding } from '../../api/generated/types/rbac-v1.ts'
import type { PriorityClass } from '../../api/generated/types/scheduling-v1.ts'
import { ageOf } from './human-duration.ts'
import type { PrintRow } from './printed-row.ts'

/* As the functions of the same names in kubernetes `pkg/printers/internalversion/printers.go`. */

export const printNamespace: PrintRow = (object, now) => {
  const { metadata, status } = object as unknown as Namespace
  return { cells: [metadata.name ?? '', status?.phase ?? 'Active', ageOf(metadata.creationTimestamp, now)] }
}

export const printNode: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as Node
  const ready = status?.conditions?.findLast(({ type }) => type === 'Ready')
  const state = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  const { kubeletVersion, osImage, kernelVersion, architecture, containerRuntimeVersion } = status?.nodeInfo ?? {}
  const kernel = kernelVersion || '<unknown>'
  const address = (wanted: string): string =>
    status?.addresses?.find(({ type }) => type === wanted)?.address ?? '<none>'
  return {
    cells: [
      metadata.name ?? '',
      spec?.unschedulable ? `${state},SchedulingDisabled` : state,
      rolesOf(metadata.labels ?? {}),
      ageOf(metadata.creationTimestamp, now),
      kubeletVersion ?? '',
      address('InternalIP'),
      address('ExternalIP'),
      osImage || '<unknown>',
      architecture ? `${kernel} (${architecture})` : kernel,
      containerRuntimeVersion || '<unknown>',
    ],
  }
}

const ROLE_PREFIX = 'node-role.kubernetes.io/'

function rolesOf(labels: { readonly [label: string]: string }): string {
  const roles = Object.entries(labels).map(([label, value]) => {
    if (label.startsWith(ROLE_PREFIX)) return label.slice(ROLE_PREFIX.length)
    return label === 'kubernetes.io/role' ? value : ''
  })
  return [...new Set(roles.filter((role) => role !== ''))].toSorted().join(',') || '<none>'
}

export const printSecret: PrintRow = (object, now) => {
  const { metadata, type, data } = object as unknown as Secret
  return {
    cells: [
      metadata.name ?? '',
      type ?? 'Opaque',
      Object.keys(data ?? {}).length,
      ageOf(metadata.creationTimestamp, now),
    ],
  }
}

export const printConfigMap: PrintRow = (object, now) => {
  const { metadata, data, binaryData } = object as unknown as ConfigMap
  const count = Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length
  return { cells: [metadata.name ?? '', count, ageOf(metadata.creationTimestamp, now)] }
}

export const printServiceAccount: PrintRow = (object, now) => {
  const { metadata } = object as unknown as ServiceAccount
  return { cells: [metadata.name ?? '', ageOf(metadata.creationTimestamp, now)] }
}

export const printLease: PrintRow = (object, now) => {
  const { metadata, spec } = object as unknown as Lease
  return { cells: [metadata.name ?? '', spec?.holderIdentity ?? '', ageOf(metadata.creationTimestamp, now)] }
}

export const printPodDisruptionBudget: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as PodDisruptionBudget
  return {
    cells: [
      metadata.name ?? '',
      String(spec?.minAvailable ?? 'N/A'),
      String(spec?.maxUnavailable ?? 'N/A'),
      status?.disruptionsAllowed ?? 0,
      ageOf(metadata.creationTimestamp, now),
    ],
  }
}

/** Of both kinds of binding. */
export const printRoleBinding: PrintRow = (object, now) => {
  const { metadata, roleRef, subjects } = object as unknown as RoleBinding
  const ofKind = (kind: string): string =>
    (subjects ?? [])
      .filter((subject) => subject.kind === kind)
      .map(({ namespace = '', name }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
      .join(', ')
  return {
    cells: [
      metadata.name ?? '',
      `${roleRef?.kind ?? ''}/${roleRef?.name ?? ''}`,
      ageOf(metadata.creationTimestamp, now),
      ofKind('User'),
      ofKind('Group'),
      ofKind('ServiceAccount'),
    ],
  }
}

export const printPriorityClass: PrintRow = (object, now) => {
  const { metadata, value, globalDefault, preemptionPolicy } = object as unknown as PriorityClass
  const age = ageOf(metadata.creationTimestamp, now)
  return {
    cells: [metadata.name ?? '', value ?? 0, globalDefault ?? false, age, preemptionPolicy ?? 'PreemptLowerPriority'],
  }
}
