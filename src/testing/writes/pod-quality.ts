import { canonicalQuantity } from '../encoding/quantity.ts'
import { isMap, valueOf } from './json-value.ts'

export type QualityOfService = 'BestEffort' | 'Burstable' | 'Guaranteed'

const COUNTED = ['cpu', 'memory'] as const

/** The class of a pod by what its containers ask for: kubernetes `pkg/apis/core/v1/helper/qos`, `ComputePodQOS`. */
export function qualityOf(spec: unknown): QualityOfService {
  const containers = ['containers', 'initContainers'].flatMap((field) => {
    const list = valueOf(spec, field)
    return Array.isArray(list) ? (list as unknown[]) : []
  })
  const asked = containers.map((container) => valueOf(container, 'resources'))
  if (!asked.some((resources) => COUNTED.some((name) => hasAny(resources, name)))) return 'BestEffort'
  return asked.every((resources) => COUNTED.every((name) => isFixed(resources, name))) ? 'Guaranteed' : 'Burstable'
}

function hasAny(resources: unknown, name: string): boolean {
  return quantityAt(resources, 'limits', name) !== undefined || quantityAt(resources, 'requests', name) !== undefined
}

/** What has a limit and no request requests its limit. */
function isFixed(resources: unknown, name: string): boolean {
  const limit = quantityAt(resources, 'limits', name)
  return limit !== undefined && (quantityAt(resources, 'requests', name) ?? limit) === limit
}

/** In its canonical form; undefined for none, which zero is as well. */
function quantityAt(resources: unknown, kind: 'limits' | 'requests', name: string): string | undefined {
  const list = valueOf(resources, kind)
  const value = isMap(list) ? list[name] : undefined
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = canonicalQuantity(String(value))
  return text === '0' ? undefined : text
}
