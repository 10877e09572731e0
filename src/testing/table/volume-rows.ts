import type { PersistentVolume, PersistentVolumeClaim } from '../../api/generated/types/core-v1.ts'
import type { StorageClass } from '../../api/generated/types/storage-v1.ts'
import { ageOf } from './human-duration.ts'
import type { PrintRow } from './printed-row.ts'

/* As the functions of the same names in kubernetes `pkg/printers/internalversion/printers.go`. */

export const printPersistentVolume: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as PersistentVolume
  const claim = spec?.claimRef
  return {
    cells: [
      metadata.name ?? '',
      spec?.capacity?.['storage'] ?? '0',
      modesOf(spec?.accessModes),
      spec?.persistentVolumeReclaimPolicy ?? 'Retain',
      metadata.deletionTimestamp == null ? (status?.phase ?? 'Pending') : 'Terminating',
      claim == null ? '' : `${claim.namespace ?? ''}/${claim.name ?? ''}`,
      metadata.annotations?.[BETA_CLASS] ?? spec?.storageClassName ?? '',
      spec?.volumeAttributesClassName ?? '<unset>',
      status?.reason ?? '',
      ageOf(metadata.creationTimestamp, now),
      spec?.volumeMode ?? 'Filesystem',
    ],
  }
}

export const printPersistentVolumeClaim: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as PersistentVolumeClaim
  const isBound = (spec?.volumeName ?? '') !== ''
  return {
    cells: [
      metadata.name ?? '',
      metadata.deletionTimestamp == null ? (status?.phase ?? 'Pending') : 'Terminating',
      spec?.volumeName ?? '',
      isBound ? (status?.capacity?.['storage'] ?? '0') : '',
      isBound ? modesOf(status?.accessModes) : '',
      metadata.annotations?.[BETA_CLASS] ?? spec?.storageClassName ?? '',
      spec?.volumeAttributesClassName ?? '<unset>',
      ageOf(metadata.creationTimestamp, now),
      spec?.volumeMode ?? 'Filesystem',
    ],
  }
}

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class'

const MODES: readonly (readonly [mode: string, short: string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
]

function modesOf(modes: readonly string[] | null | undefined): string {
  return MODES.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',')
}

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class'
const BETA_DEFAULT_CLASS = 'storageclass.beta.kubernetes.io/is-default-class'

export const printStorageClass: PrintRow = (object, now) => {
  const storageClass = object as unknown as StorageClass
  const { metadata, provisioner, reclaimPolicy, volumeBindingMode, allowVolumeExpansion } = storageClass
  const isDefault = [DEFAULT_CLASS, BETA_DEFAULT_CLASS].some((key) => metadata.annotations?.[key] === 'true')
  return {
    cells: [
      isDefault ? `${metadata.name} (default)` : (metadata.name ?? ''),
      provisioner ?? '',
      reclaimPolicy ?? 'Delete',
      volumeBindingMode ?? 'Immediate',
      allowVolumeExpansion ?? false,
      ageOf(metadata.creationTimestamp, now),
    ],
  }
}
