import type { ServedResource } from '../catalog/registry.ts'
import type { AnyMetadata, AnyObject } from './encoding.ts'

/**
 * kube-apiserver holds built-in objects in a version of its own and converts them on their way out. Most of
 * that cannot be seen; here is what can.
 */

/** A pointer of the outer version where the inner one has a value: it is set even in an empty object. */
const NO_REPLICAS = { spec: { replicas: 0 } }

const EMPTY: { readonly [kind: string]: object | undefined } = {
  'apps/Deployment': NO_REPLICAS,
  'apps/ReplicaSet': NO_REPLICAS,
  'apps/StatefulSet': NO_REPLICAS,
}

/** Fields of the inner version that the outer one keeps as annotations, which metadata alone never has. */
const ANNOTATED_FIELDS: { readonly [kind: string]: readonly string[] | undefined } = {
  'apps/v1/DaemonSet': ['deprecated.daemonset.template.generation'],
  'autoscaling/v1/HorizontalPodAutoscaler': ['behavior', 'conditions', 'current-metrics', 'metrics'].map(
    (field) => `autoscaling.alpha.kubernetes.io/${field}`,
  ),
}

/** An object with nothing but metadata, as the server sends it in a bookmark. */
export function emptyObject({ resource: { group, kind } }: ServedResource, metadata: AnyMetadata): AnyObject {
  const generation = { 'deprecated.daemonset.template.generation': '0' }
  if (`${group}/${kind}` !== 'apps/DaemonSet') return { metadata, ...EMPTY[`${group}/${kind}`] }
  return { metadata: { ...metadata, annotations: { ...generation, ...(metadata['annotations'] as object) } } }
}

/** Of an object as it is sent, the metadata that is sent alone. */
export function metadataAlone({ apiVersion, resource: { kind } }: ServedResource, metadata: AnyMetadata): AnyMetadata {
  const fields = ANNOTATED_FIELDS[`${apiVersion}/${kind}`]
  const { annotations, ...rest } = metadata
  if (fields === undefined || annotations === undefined) return metadata
  const kept = Object.entries(annotations as object).filter(([annotation]) => !fields.includes(annotation))
  return kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) }
}
