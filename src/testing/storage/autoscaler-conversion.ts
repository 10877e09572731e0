import type { AnyObject } from '../encoding/encoding.ts'

/** As much of a metric as `autoscaling/v1` has a field for: the use of the CPU, in percent of what is requested. */
interface Metric {
  readonly type?: string
  readonly resource?: {
    readonly name?: string
    readonly target?: { readonly type?: string; readonly averageUtilization?: number }
    readonly current?: { readonly averageUtilization?: number }
  }
}

interface Autoscaler {
  readonly spec?: { readonly targetCPUUtilizationPercentage?: number; readonly metrics?: readonly Metric[] }
  readonly status?: { readonly currentCPUUtilizationPercentage?: number; readonly currentMetrics?: readonly Metric[] }
}

/**
 * The same HorizontalPodAutoscaler under another version, `apiVersion` being already that: the use of the
 * CPU is a field in `v1` and one of the metrics in `v2`. (A real server keeps the other metrics, the
 * behavior and the conditions in annotations of `v1`; here an update through `v1` drops them.)
 */
export function convertAutoscaler(object: AnyObject): AnyObject {
  return object.apiVersion === 'autoscaling/v1' ? toFields(object) : toMetrics(object)
}

function toFields(object: AnyObject): AnyObject {
  const { spec, status } = object as Autoscaler
  const target = spec?.metrics?.find(isCpu)?.resource?.target?.averageUtilization
  const current = status?.currentMetrics?.find(isCpu)?.resource?.current?.averageUtilization
  return {
    ...object,
    ...(target === undefined ? {} : { spec: { ...spec, targetCPUUtilizationPercentage: target } }),
    ...(current === undefined ? {} : { status: { ...status, currentCPUUtilizationPercentage: current } }),
  }
}

function toMetrics(object: AnyObject): AnyObject {
  const { spec, status } = object as Autoscaler
  const target = spec?.targetCPUUtilizationPercentage
  const current = status?.currentCPUUtilizationPercentage
  const ofTarget = { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } }
  const ofCurrent = { name: 'cpu', current: { averageUtilization: current } }
  return {
    ...object,
    ...(target === undefined ? {} : { spec: { ...spec, metrics: [{ type: 'Resource', resource: ofTarget }] } }),
    ...(current === undefined
      ? {}
      : { status: { ...status, currentMetrics: [{ type: 'Resource', resource: ofCurrent }] } }),
  }
}

function isCpu({ type, resource }: Metric): boolean {
  return type === 'Resource' && resource?.name === 'cpu'
}
